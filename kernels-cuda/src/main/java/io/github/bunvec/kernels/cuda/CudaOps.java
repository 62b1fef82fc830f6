package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.engine.spi.Ops;
import io.github.bunvec.engine.spi.Slot;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuStream;
import io.github.bunvec.kernels.cuda.device.Product;
import io.github.bunvec.kernels.cuda.launch.Accumulate;
import io.github.bunvec.kernels.cuda.launch.Activate;
import io.github.bunvec.kernels.cuda.launch.AddLayerNorm;
import io.github.bunvec.kernels.cuda.launch.Attention;
import io.github.bunvec.kernels.cuda.launch.Cast;
import io.github.bunvec.kernels.cuda.launch.Embed;
import io.github.bunvec.kernels.cuda.launch.Matrix;
import io.github.bunvec.kernels.cuda.launch.Normalize;
import io.github.bunvec.kernels.cuda.launch.Pool;
import io.github.bunvec.loader.PoolingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Queues the operations of a pass on a stream, for a bucket: how many rows there are the kernels
 * read on the device, products are of all rows of the bucket.
 *
 * <p>Rows behind those of the batch hold what was left there, zeros at first. They are multiplied
 * with the others and nobody reads the results.
 */
final class CudaOps implements Ops {

  private final CudaBackend backend;
  private final int device; // its index among the backend's
  private final Gpu gpu;
  private final GpuStream stream;
  private final PassMemory memory;
  private @Nullable Pooling pooling; // not queued yet: it may be normalised at once
  private @Nullable Matrix result;

  private record Pooling(Matrix in, List<PoolingMode> modes, Slot slot) {}

  CudaOps(CudaBackend backend, int device, Gpu gpu, GpuStream stream, PassMemory memory) {
    this.backend = backend;
    this.device = device;
    this.gpu = gpu;
    this.stream = stream;
    this.memory = memory;
  }

  /** What is handed to the caller, in F32. */
  Matrix result() {
    if (result == null) {
      throw new IllegalStateException("the pass hands nothing out");
    }
    return result;
  }

  @Override
  public void embed(EmbeddingTables tables, LayerNorm norm, Slot out) {
    queuePooling(false);
    CudaEmbeddingTables own = backend.own(tables, CudaEmbeddingTables.class);
    Embed.launch(
        gpu,
        stream,
        own.tables().get(device),
        memory.address(memory.ids()),
        memory.address(memory.positions()),
        backend.own(norm, CudaLayerNorm.class).norms().get(device),
        memory.matrix(out));
  }

  @Override
  public void linear(Slot in, Linear linear, Activation activation, Slot out) {
    queuePooling(false);
    CudaLinear l = backend.own(linear, CudaLinear.class);
    Matrix a = memory.matrix(in);
    Matrix c = memory.matrix(out);
    require(a.width(), l.inFeatures(), "input width");
    require(c.width(), l.outFeatures(), "output width");
    if (in.rows() != out.rows()) {
      throw new IllegalArgumentException(in + " and " + out + " have other rows");
    }
    if (a.type() != memory.type()) { // rows of sequences are F32 in any case
      Matrix narrow = memory.narrow(a);
      Cast.launch(gpu, stream, a, narrow);
      a = narrow;
    }
    Product product =
        new Product(
            a.type(),
            c.type(),
            c.most(),
            c.width(),
            a.width(),
            a.address(),
            a.stride(),
            l.weights()[device],
            l.bias(device, c.type()),
            c.address(),
            c.stride(),
            backend.options().fused(activation));
    stream.multiply(product);
    if (activation != Activation.NONE && !product.gelu()) {
      Activate.launch(gpu, stream, activation, 0, c);
    }
  }

  @Override
  public void attention(Slot qkv, int heads, Slot out) {
    queuePooling(false);
    Attention.launch(
        gpu,
        stream,
        memory.matrix(qkv),
        heads,
        memory.address(memory.cuSeqlens()),
        memory.address(0),
        memory.bucket().sequences(),
        out.rows() == Slot.Rows.SEQUENCES,
        memory.matrix(out));
  }

  @Override
  public void addLayerNorm(Slot in, LayerNorm norm, Slot residual) {
    queuePooling(false);
    CudaLayerNorm own = backend.own(norm, CudaLayerNorm.class);
    AddLayerNorm.launch(
        gpu, stream, memory.matrix(in), own.norms().get(device), memory.matrix(residual));
  }

  @Override
  public void layerNorm(LayerNorm norm, Slot x) {
    queuePooling(false);
    CudaLayerNorm own = backend.own(norm, CudaLayerNorm.class);
    AddLayerNorm.launch(gpu, stream, own.norms().get(device), memory.matrix(x));
  }

  @Override
  public void accumulate(Slot in, float factor, boolean first, Slot out) {
    queuePooling(false);
    Accumulate.launch(gpu, stream, memory.matrix(in), factor, first, memory.matrix(out));
  }

  @Override
  public void pool(Slot in, List<PoolingMode> modes, Slot out) {
    queuePooling(false);
    require(out.width(), modes.size() * in.width(), "pooled width");
    pooling = new Pooling(memory.matrix(in), List.copyOf(modes), out);
  }

  @Override
  public void normalize(Slot x) {
    if (pooling != null && pooling.slot().equals(x)) {
      queuePooling(true);
    } else {
      queuePooling(false);
      Normalize.launch(gpu, stream, memory.matrix(x));
    }
  }

  @Override
  public void rows(Slot in) {
    queuePooling(false);
    Matrix rows = memory.matrix(in);
    if (rows.type() != ElementType.F32) {
      Matrix wide = memory.result(rows);
      Cast.launch(gpu, stream, rows, wide);
      rows = wide;
    }
    result = rows;
  }

  private void queuePooling(boolean normalize) {
    Pooling waiting = pooling;
    if (waiting != null) {
      pooling = null;
      Pool.launch(
          gpu,
          stream,
          waiting.in(),
          memory.address(memory.cuSeqlens()),
          memory.address(memory.firstPooled()),
          waiting.modes(),
          normalize,
          memory.matrix(waiting.slot()));
    }
  }

  private static void require(int found, int expected, String what) {
    if (found != expected) {
      throw new IllegalArgumentException(what + " is " + found + ", the weights have " + expected);
    }
  }
}
