package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.kernel.Attention;
import io.github.bunvec.engine.cpu.kernel.Gemm;
import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import io.github.bunvec.engine.cpu.kernel.LayerNormKernel;
import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.engine.spi.Ops;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.Slot;
import io.github.bunvec.loader.PoolingMode;
import java.util.List;

/**
 * One member's share of a pass over one slice of a batch.
 *
 * <p>All members that work on a slice run the same pass over the same slots; each operation
 * computes the share that falls to this member's rank and then meets the others at the barrier.
 * Shares cut rows, panels or heads, never a sum, so they do not show in the result.
 */
final class CpuOps implements Ops {

  private final CpuBackend backend;
  private final GemmKernel kernel;
  private final Workspace own;

  // The share, constant from begin to the end of a pass.
  private Share share = Share.ALL;
  private float[] values = new float[0]; // the slots of the slice
  private PackedBatch batch = Share.NO_BATCH;
  private float[][] out = Share.NO_OUTPUT;
  private int first; // first sequence of the slice
  private int last; // one past its last sequence
  private int base; // the batch's row that is the slice's row 0
  private int tokens; // rows of the slice

  CpuOps(CpuBackend backend, Workspace own) {
    this.backend = backend;
    this.kernel = backend.kernel();
    this.own = own;
  }

  /** Sets what the next pass works on: the sequences {@code first .. last}, in {@code memory}. */
  void begin(Share share, Workspace memory, PackedBatch batch, int first, int last, float[][] out) {
    this.share = share;
    this.values = memory.values();
    this.batch = batch;
    this.out = out;
    this.first = first;
    this.last = last;
    this.base = batch.cuSeqlens()[first];
    this.tokens = batch.cuSeqlens()[last] - base;
  }

  @Override
  public void embed(EmbeddingTables tables, LayerNorm norm, Slot slot) {
    CpuEmbeddingTables t = backend.own(tables, CpuEmbeddingTables.class);
    CpuLayerNorm n = backend.own(norm, CpuLayerNorm.class);
    require(slot.width(), t.features(), "embedding width");
    float[] position = own.row(t.features());
    for (int row = share.from(tokens); row < share.to(tokens); row++) {
      int id = index(batch.ids()[base + row], t.words(), "token id");
      int to = at(slot, row);
      t.word().copyRow(id, values, to);
      for (int i = 0; i < t.features(); i++) {
        values[to + i] += t.tokenType()[i];
      }
      t.position()
          .copyRow(index(batch.positions()[base + row], t.positions(), "position"), position, 0);
      LayerNormKernel.addAndNormalize(
          t.features(), position, 0, values, to, n.weight(), n.bias(), n.eps(), own.partial());
    }
    share.await();
  }

  @Override
  public void linear(Slot in, Linear linear, Activation activation, Slot slot) {
    CpuLinear l = backend.own(linear, CpuLinear.class);
    require(in.width(), l.inFeatures(), "input width");
    require(slot.width(), l.outFeatures(), "output width");
    int panels = l.matrix().panels();
    if (share.from(panels) < share.to(panels)) {
      Gemm.linear(
          kernel,
          l.matrix(),
          activation,
          share.from(panels),
          share.to(panels),
          tokens,
          values,
          at(in, 0),
          in.stride(),
          values,
          at(slot, 0),
          slot.stride());
    }
    share.await();
  }

  @Override
  public void attention(Slot qkv, int heads, Slot slot) {
    int hidden = slot.width();
    require(qkv.width(), 3 * hidden, "query, key and value width");
    int width = hidden / heads;
    int item = 0;
    for (int sequence = first; sequence < last; sequence++) {
      int row = batch.cuSeqlens()[sequence] - base;
      for (int head = 0; head < heads; head++, item++) {
        if (item % share.size() == share.rank()) {
          int q = at(qkv, row) + head * width;
          Attention.head(
              kernel,
              batch.length(sequence),
              width,
              values,
              q,
              q + hidden,
              q + 2 * hidden,
              qkv.stride(),
              values,
              at(slot, row) + head * width,
              slot.stride(),
              own.attention());
        }
      }
    }
    share.await();
  }

  @Override
  public void addLayerNorm(Slot in, LayerNorm norm, Slot residual) {
    CpuLayerNorm n = backend.own(norm, CpuLayerNorm.class);
    require(in.width(), n.features(), "input width");
    require(residual.width(), n.features(), "residual width");
    for (int row = share.from(tokens); row < share.to(tokens); row++) {
      LayerNormKernel.addAndNormalize(
          n.features(),
          values,
          at(in, row),
          values,
          at(residual, row),
          n.weight(),
          n.bias(),
          n.eps(),
          own.partial());
    }
    share.await();
  }

  @Override
  public void pool(Slot in, List<PoolingMode> modes, boolean normalize) {
    int width = in.width();
    for (int i = first + share.from(last - first); i < first + share.to(last - first); i++) {
      float[] vector = new float[modes.size() * width];
      int row = batch.cuSeqlens()[i] - base;
      for (int m = 0; m < modes.size(); m++) {
        Pooling.pool(
            modes.get(m),
            batch.length(i),
            width,
            values,
            at(in, row),
            in.stride(),
            vector,
            m * width,
            own.sums(width));
      }
      if (normalize) {
        Pooling.normalize(vector);
      }
      out[i] = vector;
    }
    share.await();
  }

  @Override
  public void rows(Slot in) {
    int width = in.width();
    for (int i = first + share.from(last - first); i < first + share.to(last - first); i++) {
      float[] rows = new float[Math.multiplyExact(batch.length(i), width)];
      for (int j = 0; j < batch.length(i); j++) {
        System.arraycopy(values, at(in, batch.cuSeqlens()[i] - base + j), rows, j * width, width);
      }
      out[i] = rows;
    }
    share.await();
  }

  /** Where a row of a slot starts. */
  private int at(Slot slot, int row) {
    return slot.offset() * tokens + row * slot.stride();
  }

  private static void require(int found, int expected, String what) {
    if (found != expected) {
      throw new IllegalArgumentException(what + " is " + found + ", the weights have " + expected);
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
