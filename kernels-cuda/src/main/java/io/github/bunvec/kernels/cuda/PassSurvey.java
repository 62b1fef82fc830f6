package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.engine.spi.Ops;
import io.github.bunvec.engine.spi.Slot;
import io.github.bunvec.loader.PoolingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pass needs to know of before it runs, found by going through it without doing anything.
 */
final class PassSurvey implements Ops {

  /** A linear layer, what it is applied to, and what follows it. */
  record Use(Linear linear, Slot.Rows rows, Activation activation) {}

  private final List<Use> linears = new ArrayList<>();
  private int widestInput; // of layers over rows of sequences, strides
  private @Nullable EmbeddingTables tables;
  private @Nullable Slot result;

  private PassSurvey() {}

  static PassSurvey of(ForwardPass pass) {
    PassSurvey survey = new PassSurvey();
    pass.run(survey);
    if (survey.tables == null || survey.result == null) {
      throw new IllegalArgumentException(
          "a pass must begin with a look-up and end by handing out rows");
    }
    return survey;
  }

  /** Every linear layer, in order, some perhaps more than once. */
  List<Use> linears() {
    return linears;
  }

  /** The stride of the widest rows of sequences that are multiplied; 0 where none are. */
  int widestInput() {
    return widestInput;
  }

  EmbeddingTables tables() {
    if (tables == null) {
      throw new IllegalStateException("not surveyed");
    }
    return tables;
  }

  /** What is handed out. */
  Slot result() {
    if (result == null) {
      throw new IllegalStateException("not surveyed");
    }
    return result;
  }

  @Override
  public void embed(EmbeddingTables tables, LayerNorm norm, Slot out) {
    this.tables = tables;
  }

  @Override
  public void linear(Slot in, Linear linear, Activation activation, Slot out) {
    linears.add(new Use(linear, in.rows(), activation));
    if (in.rows() == Slot.Rows.SEQUENCES) {
      widestInput = Math.max(widestInput, in.stride());
    }
  }

  @Override
  public void attention(Slot qkv, int heads, Slot out) {}

  @Override
  public void addLayerNorm(Slot in, LayerNorm norm, Slot residual) {}

  @Override
  public void layerNorm(LayerNorm norm, Slot x) {}

  @Override
  public void accumulate(Slot in, float factor, boolean first, Slot out) {}

  @Override
  public void pool(Slot in, List<PoolingMode> modes, Slot out) {}

  @Override
  public void normalize(Slot x) {}

  @Override
  public void rows(Slot in) {
    result = in;
  }
}
