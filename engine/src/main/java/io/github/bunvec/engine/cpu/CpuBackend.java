package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.emit.Bf16Gemm;
import io.github.bunvec.engine.cpu.emit.Bf16Weights;
import io.github.bunvec.engine.cpu.emit.PanelGemm;
import io.github.bunvec.engine.cpu.emit.PanelWeights;
import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import io.github.bunvec.engine.cpu.kernel.PackedMatrix;
import io.github.bunvec.engine.cpu.kernel.WarmingGemmKernel;
import io.github.bunvec.engine.cpu.kernel.WeightRows;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.TensorView;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The backend of the CPU: packed weights, a fixed pool of workers. */
final class CpuBackend implements Backend {

  private final GemmKernel kernel;
  private final WeightType weightType;
  private final CpuArithmetic arithmetic;
  private final Workers workers;
  private final AtomicLong weightBytes = new AtomicLong();

  CpuBackend(GemmKernel kernel, WeightType weightType, int threads) {
    this(kernel, weightType, CpuArithmetic.VECTORS, threads);
  }

  /** Takes the arithmetic over: closes it. */
  CpuBackend(GemmKernel kernel, WeightType weightType, CpuArithmetic arithmetic, int threads) {
    this.kernel = kernel;
    this.weightType = weightType;
    this.arithmetic = arithmetic;
    this.workers = new Workers(this, threads);
  }

  GemmKernel kernel() {
    return kernel;
  }

  @Override
  public String description() {
    boolean plain = kernel instanceof WarmingGemmKernel warming && warming.hasGivenUp();
    PanelGemm emitted = arithmetic.fp32();
    // No format string: those with numbers load the locale's data, some 30 ms at the first.
    return "cpu, "
        + kernel.lanes() * Float.SIZE
        + "-bit vectors ("
        + (emitted == null
            ? kernel.rows() + " x " + kernel.columns() + " tiles), "
            : emitted.rows() + " x " + emitted.columns() + " tiles as machine code), ")
        + threads()
        + (threads() == 1 ? " thread" : " threads")
        + arithmetic.description()
        + (plain ? "; slow: plain loops, the JVM does not compile the vector kernels" : "");
  }

  @Override
  public Arithmetic arithmetic() {
    return arithmetic.bf16() == null ? Arithmetic.FP32 : Arithmetic.BF16;
  }

  @Override
  public int threads() {
    return workers.size();
  }

  @Override
  public Linear linear(List<TensorView> weights, List<TensorView> biases) {
    int k = weights.getFirst().dim(1);
    int n = weights.stream().mapToInt(weight -> weight.dim(0)).sum();
    float[] bias = new float[n];
    int at = 0;
    for (TensorView part : biases) {
      part.copyTo(bias, at);
      at += part.dim(0);
    }
    List<WeightRows> rows = weights.stream().<WeightRows>map(TensorRows::new).toList();
    Bf16Gemm bf16 = arithmetic.bf16();
    if (bf16 != null) {
      Bf16Weights packed = bf16.pack(k, rows, bias);
      weightBytes.addAndGet(packed.bytes());
      return new CpuLinearBf16(this, bf16, packed);
    }
    PanelGemm fp32 = arithmetic.fp32();
    if (fp32 != null) {
      PanelWeights packed = fp32.pack(weightType, k, rows, bias);
      weightBytes.addAndGet(packed.bytes());
      return new CpuLinearEmitted(this, fp32, packed);
    }
    PackedMatrix matrix = PackedMatrix.pack(kernel, weightType, k, rows, bias);
    weightBytes.addAndGet(matrix.bytes());
    return new CpuLinearFp32(this, matrix);
  }

  @Override
  public LayerNorm layerNorm(TensorView weight, TensorView bias, double eps) {
    CpuLayerNorm norm = CpuLayerNorm.of(this, weight, bias, eps);
    weightBytes.addAndGet(4L * (norm.weight().length + norm.bias().length));
    return norm;
  }

  @Override
  public EmbeddingTables embeddings(TensorView word, TensorView position, TensorView tokenType) {
    CpuEmbeddingTables tables = CpuEmbeddingTables.of(this, weightType, word, position, tokenType);
    weightBytes.addAndGet(tables.bytes());
    return tables;
  }

  @Override
  public void ready(ForwardPass pass) {
    if (kernel instanceof WarmingGemmKernel warming) {
      warming.start();
    }
  }

  @Override
  public boolean warm() {
    return !(kernel instanceof WarmingGemmKernel warming)
        || warming.isWarm()
        || warming.hasGivenUp();
  }

  @Override
  public void run(PackedBatch batch, ForwardPass pass, float[][] out) {
    if (batch.sequences() == 0) {
      return;
    }
    ready(pass);
    Job job = workers.take(workers.size());
    try {
      job.run(batch, pass, out);
    } finally {
      workers.release(job);
    }
  }

  @Override
  public long memoryBytes() {
    return weightBytes.get() + workers.bytes();
  }

  @Override
  public void close() {
    if (kernel instanceof WarmingGemmKernel warming) {
      warming.stop();
    }
    workers.close();
    arithmetic.close();
  }

  /** Returns a handle as this backend's own kind. */
  <T> T own(Object handle, Class<T> type) {
    if (!(handle instanceof CpuHandle own && own.owner() == this)) {
      throw new IllegalArgumentException(
          handle.getClass().getSimpleName() + " was not prepared by this backend");
    }
    return type.cast(handle);
  }
}
