package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.kernel.Attention;
import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import io.github.bunvec.engine.cpu.kernel.LayerNormKernel;
import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.engine.spi.Ops;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.Slot;
import io.github.bunvec.loader.PoolingMode;
import java.util.List;

/**
 * One member's part in a pass over one slice of a batch.
 *
 * <p>All members that work on a slice run the same pass over the same slots and divide every
 * operation among themselves ({@link Share}). Parts cut rows, panels or heads, never a sum, so who
 * did which does not show in the result.
 */
final class CpuOps implements Ops {

  /** Parts per member: of equal cost in rows and sequences, less so in panels and heads. */
  private static final int COARSE = 2;

  private static final int FINE = 6;

  /** This member's way through the operations. */
  final Share share = new Share();

  private final CpuBackend backend;
  private final GemmKernel kernel;
  private final Workspace own;

  // What is worked on, constant from begin to the end of a pass.
  private Workspace memory; // where the slots of the slice are
  private float[] values = {}; // its values
  private PackedBatch batch = Job.NO_BATCH;
  private float[][] out = Job.NO_OUTPUT;
  private int first; // first sequence of the slice
  private int last; // one past its last sequence
  private int base; // the batch's row that is the slice's row 0
  private int tokens; // token rows of the slice
  private int sequenceBase; // where the slots with a row per sequence begin

  CpuOps(CpuBackend backend, Workspace own) {
    this.backend = backend;
    this.kernel = backend.kernel();
    this.own = own;
    this.memory = own;
  }

  /** Sets what the next pass works on: the sequences {@code first .. last}, in {@code memory}. */
  void begin(
      Workspace memory, ForwardPass pass, PackedBatch batch, int first, int last, float[][] out) {
    this.memory = memory;
    this.values = memory.values();
    this.batch = batch;
    this.out = out;
    this.first = first;
    this.last = last;
    this.base = batch.cuSeqlens()[first];
    this.tokens = batch.cuSeqlens()[last] - base;
    this.sequenceBase = tokens * pass.valuesPerToken();
  }

  @Override
  public void embed(EmbeddingTables tables, LayerNorm norm, Slot slot) {
    CpuEmbeddingTables t = backend.own(tables, CpuEmbeddingTables.class);
    CpuLayerNorm n = backend.own(norm, CpuLayerNorm.class);
    require(slot.width(), t.features(), "embedding width");
    float[] position = own.row(t.features());
    share.begin(tokens, COARSE);
    while (share.next()) {
      for (int row = share.from(); row < share.to(); row++) {
        int to = at(slot, row);
        t.word().copyRow(index(batch.ids()[base + row], t.words(), "token id"), values, to);
        for (int i = 0; i < t.features(); i++) {
          values[to + i] += t.tokenType()[i];
        }
        int p = index(batch.positions()[base + row], t.positions(), "position");
        t.position().copyRow(p, position, 0);
        LayerNormKernel.addAndNormalize(
            kernel,
            1,
            t.features(),
            position,
            0,
            t.features(),
            values,
            to,
            t.features(),
            n.weight(),
            n.bias(),
            n.eps(),
            own.partial());
      }
    }
    share.end();
  }

  @Override
  public void linear(Slot in, Linear linear, Activation activation, Slot slot) {
    CpuLinear l = backend.own(linear, CpuLinear.class);
    require(in.width(), l.inFeatures(), "input width");
    require(slot.width(), l.outFeatures(), "output width");
    require(in, slot);
    int m = rowsOf(in);
    int a = at(in, 0);
    boolean ready = false;
    share.begin(l.panels(), FINE);
    while (share.next()) {
      if (!ready) {
        l.prepare(m, memory, a, in.stride(), own);
        ready = true;
      }
      l.multiply(
          activation,
          share.from(),
          share.to(),
          share.ahead(),
          m,
          memory,
          a,
          in.stride(),
          at(slot, 0),
          slot.stride(),
          own);
    }
    share.end();
  }

  @Override
  public void attention(Slot qkv, int heads, Slot slot) {
    int hidden = slot.width();
    require(qkv.width(), 3 * hidden, "query, key and value width");
    int width = hidden / heads;
    boolean all = slot.rows() == Slot.Rows.TOKENS;
    share.begin((last - first) * heads, FINE);
    while (share.next()) {
      for (int item = share.from(); item < share.to(); item++) {
        int sequence = first + item / heads;
        int row = batch.cuSeqlens()[sequence] - base;
        int column = item % heads * width;
        int q = at(qkv, row) + column;
        Attention.head(
            kernel,
            all ? batch.length(sequence) : 1,
            batch.length(sequence),
            width,
            values,
            q,
            q + hidden,
            q + 2 * hidden,
            qkv.stride(),
            values,
            at(slot, all ? row : sequence - first) + column,
            slot.stride(),
            own.attention());
      }
    }
    share.end();
  }

  @Override
  public void addLayerNorm(Slot in, LayerNorm norm, Slot residual) {
    CpuLayerNorm n = backend.own(norm, CpuLayerNorm.class);
    require(in.width(), n.features(), "input width");
    require(residual.width(), n.features(), "residual width");
    require(in, residual);
    share.begin(rowsOf(in), COARSE);
    while (share.next()) {
      LayerNormKernel.addAndNormalize(
          kernel,
          share.to() - share.from(),
          n.features(),
          values,
          at(in, share.from()),
          in.stride(),
          values,
          at(residual, share.from()),
          residual.stride(),
          n.weight(),
          n.bias(),
          n.eps(),
          own.partial());
    }
    share.end();
  }

  @Override
  public void layerNorm(LayerNorm norm, Slot x) {
    CpuLayerNorm n = backend.own(norm, CpuLayerNorm.class);
    require(x.width(), n.features(), "input width");
    share.begin(rowsOf(x), COARSE);
    while (share.next()) {
      for (int row = share.from(); row < share.to(); row++) {
        LayerNormKernel.normalize(
            n.features(), values, at(x, row), n.weight(), n.bias(), n.eps(), own.partial());
      }
    }
    share.end();
  }

  @Override
  public void accumulate(Slot in, float factor, boolean first, Slot slot) {
    require(in, slot);
    require(in.width(), slot.width(), "input width");
    share.begin(rowsOf(in), COARSE);
    while (share.next()) {
      for (int row = share.from(); row < share.to(); row++) {
        int from = at(in, row);
        int to = at(slot, row);
        for (int i = 0; i < in.width(); i++) {
          values[to + i] =
              first
                  ? factor * values[from + i]
                  : Math.fma(factor, values[from + i], values[to + i]);
        }
      }
    }
    share.end();
  }

  @Override
  public void pool(Slot in, List<PoolingMode> modes, Slot slot) {
    int width = in.width();
    require(slot.width(), modes.size() * width, "pooled width");
    share.begin(last - first, COARSE);
    while (share.next()) {
      for (int i = share.from(); i < share.to(); i++) {
        int sequence = first + i;
        int row = batch.cuSeqlens()[sequence] - base;
        for (int m = 0; m < modes.size(); m++) {
          Pooling.pool(
              modes.get(m),
              batch.length(sequence),
              batch.firstPooled(sequence),
              width,
              values,
              at(in, row),
              in.stride(),
              values,
              at(slot, i) + m * width,
              own.sums(width));
        }
      }
    }
    share.end();
  }

  @Override
  public void normalize(Slot x) {
    share.begin(rowsOf(x), COARSE);
    while (share.next()) {
      for (int row = share.from(); row < share.to(); row++) {
        Pooling.normalize(values, at(x, row), x.width());
      }
    }
    share.end();
  }

  @Override
  public void rows(Slot in) {
    int width = in.width();
    boolean tokenRows = in.rows() == Slot.Rows.TOKENS;
    share.begin(last - first, COARSE);
    while (share.next()) {
      for (int i = share.from(); i < share.to(); i++) {
        int sequence = first + i;
        int row = tokenRows ? batch.cuSeqlens()[sequence] - base : i;
        int count = tokenRows ? batch.length(sequence) : 1;
        float[] rows = new float[Math.multiplyExact(count, width)];
        for (int j = 0; j < count; j++) {
          System.arraycopy(values, at(in, row + j), rows, j * width, width);
        }
        out[sequence] = rows;
      }
    }
    share.end();
  }

  /** How many rows a slot has in this slice. */
  private int rowsOf(Slot slot) {
    return slot.rows() == Slot.Rows.TOKENS ? tokens : last - first;
  }

  /** Where a row of a slot starts. */
  private int at(Slot slot, int row) {
    int begin = slot.rows() == Slot.Rows.TOKENS ? 0 : sequenceBase;
    return begin + slot.offset() * rowsOf(slot) + row * slot.stride();
  }

  private static void require(int found, int expected, String what) {
    if (found != expected) {
      throw new IllegalArgumentException(what + " is " + found + ", the weights have " + expected);
    }
  }

  private static void require(Slot in, Slot out) {
    if (in.rows() != out.rows()) {
      throw new IllegalArgumentException(in + " and " + out + " have other rows");
    }
  }

  private static int index(int value, int bound, String what) {
    if (value < 0 || value >= bound) {
      throw new IllegalArgumentException(
          what + " is " + value + ", the table has " + bound + " rows");
    }
    return value;
  }
}
