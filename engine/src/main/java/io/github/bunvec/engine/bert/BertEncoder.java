package io.github.bunvec.engine.bert;

import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.engine.spi.Ops;
import io.github.bunvec.engine.spi.Slot;
import io.github.bunvec.loader.BertConfig;
import io.github.bunvec.loader.ModelTensors;
import io.github.bunvec.loader.PoolingMode;
import java.util.List;

/**
 * The BERT encoder (Devlin et al., 2018), written once for every backend.
 *
 * <p>The memory plan is five slots. {@code inner} is written when {@code qkv} and {@code context}
 * are no longer needed and takes their place:
 *
 * <pre>
 *   hidden | branch | qkv        | context
 *                   | inner              |
 * </pre>
 */
public final class BertEncoder {

  private static final int OPERATIONS_PER_LAYER = 7;

  /** One layer's weights on a backend. */
  record Layer(
      Linear qkv,
      Linear attentionOutput,
      LayerNorm attentionNorm,
      Linear up,
      Linear down,
      LayerNorm outputNorm) {}

  private final EmbeddingTables tables;
  private final LayerNorm embeddingNorm;
  private final List<Layer> layers;
  private final int heads;
  private final Activation activation;
  private final int valuesPerToken;

  private final Slot hidden;
  private final Slot branch;
  private final Slot qkv;
  private final Slot context;
  private final Slot inner;

  BertEncoder(
      BertConfig config,
      Activation activation,
      EmbeddingTables tables,
      LayerNorm embeddingNorm,
      List<Layer> layers) {
    this.tables = tables;
    this.embeddingNorm = embeddingNorm;
    this.layers = List.copyOf(layers);
    this.heads = config.heads();
    this.activation = activation;
    int h = config.hiddenSize();
    this.hidden = slot(0, h);
    this.branch = slot(hidden.end(), h);
    this.qkv = slot(branch.end(), 3 * h);
    this.context = slot(qkv.end(), h);
    this.inner = slot(branch.end(), config.intermediateSize());
    this.valuesPerToken = Math.max(context.end(), inner.end());
  }

  /**
   * Reads the weights of a checkpoint onto a backend.
   *
   * @param config the model's shape
   * @param tensors its checkpoint; may be closed afterwards
   * @param backend where it will run
   * @return the encoder
   * @throws io.github.bunvec.loader.CheckpointException if a tensor is missing, misshapen or
   *     unknown
   */
  public static BertEncoder load(BertConfig config, ModelTensors tensors, Backend backend) {
    return new BertWeights(config, tensors, backend).encoder();
  }

  /**
   * A row's room: its width rounded up to whole panels of every micro-kernel, and 16 values more,
   * so that the rows of widths such as 1024 do not all fall into the same sets of the L1 cache.
   */
  private static Slot slot(int offset, int width) {
    return new Slot(offset, width, Math.ceilDiv(width, 64) * 64 + 16);
  }

  /**
   * Returns the pass that makes one vector per sequence.
   *
   * @param modes how rows become a vector
   * @param normalize whether to divide the vector by its L2 norm
   * @return the pass
   */
  public ForwardPass embedding(List<PoolingMode> modes, boolean normalize) {
    List<PoolingMode> copy = List.copyOf(modes);
    return pass(layers.size(), ops -> ops.pool(hidden, copy, normalize));
  }

  /**
   * Returns the pass that gives the rows themselves.
   *
   * @param layer how many layers to run; 0 gives the embedding output
   * @return the pass; {@code length * hidden} values per sequence
   */
  public ForwardPass hiddenStates(int layer) {
    if (layer < 0 || layer > layers.size()) {
      throw new IllegalArgumentException("layer is " + layer + ", expected 0 to " + layers.size());
    }
    return pass(layer, ops -> ops.rows(hidden));
  }

  private void forward(Ops ops, int depth) {
    ops.embed(tables, embeddingNorm, hidden);
    for (int i = 0; i < depth; i++) {
      Layer layer = layers.get(i);
      ops.linear(hidden, layer.qkv(), Activation.NONE, qkv);
      ops.attention(qkv, heads, context);
      ops.linear(context, layer.attentionOutput(), Activation.NONE, branch);
      ops.addLayerNorm(branch, layer.attentionNorm(), hidden);
      ops.linear(hidden, layer.up(), activation, inner);
      ops.linear(inner, layer.down(), Activation.NONE, branch);
      ops.addLayerNorm(branch, layer.outputNorm(), hidden);
    }
  }

  /** The last operation of a pass. */
  private interface Ending {
    void run(Ops ops);
  }

  private ForwardPass pass(int depth, Ending ending) {
    return new ForwardPass() {
      @Override
      public void run(Ops ops) {
        forward(ops, depth);
        ending.run(ops);
      }

      @Override
      public int operations() {
        return 2 + depth * OPERATIONS_PER_LAYER;
      }

      @Override
      public int valuesPerToken() {
        return valuesPerToken;
      }
    };
  }
}
