package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.Slot;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.OutOfGpuMemoryException;
import io.github.bunvec.kernels.cuda.device.Product;
import io.github.bunvec.kernels.cuda.device.Resources;
import io.github.bunvec.kernels.cuda.launch.Embed;
import io.github.bunvec.kernels.cuda.launch.Norm;
import io.github.bunvec.loader.TensorView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The backend of NVIDIA GPUs: weights on every one of them, and lanes that compute chunks of
 * batches.
 */
public final class CudaBackend implements Backend {

  private final List<Gpu> gpus;
  private final CudaOptions options;
  private final ElementType tokenType;
  private final DeviceWeights weights;
  private final Lanes lanes;
  private final AtomicLong laneBytes = new AtomicLong();
  private final AtomicLong deviceNanos = new AtomicLong();

  /**
   * Takes GPUs over: closes them.
   *
   * @param gpus at least one, all of a kind
   * @param options how it computes
   */
  CudaBackend(List<Gpu> gpus, CudaOptions options) {
    this.gpus = List.copyOf(gpus);
    this.options = options;
    this.tokenType = options.tokenType();
    this.weights = new DeviceWeights(this.gpus, options.weightType());
    this.lanes = new Lanes(this, this.gpus, options.lanes());
  }

  CudaOptions options() {
    return options;
  }

  @Override
  public String description() {
    return "cuda, "
        + String.join(", ", gpus.stream().map(Gpu::name).toList())
        + ", "
        + threads()
        + (threads() == 1 ? " stream" : " streams")
        + ", "
        + options.arithmetic()
        + " arithmetic"
        + (options.tanhGelu() ? ", GELU approximated by tanh" : "");
  }

  @Override
  public Arithmetic arithmetic() {
    return options.arithmetic();
  }

  @Override
  public int threads() {
    return lanes.size();
  }

  /** At least 2, so that texts are tokenized while the GPU computes. */
  @Override
  public int callers() {
    return Math.max(2, Runtime.getRuntime().availableProcessors());
  }

  @Override
  public Linear linear(List<TensorView> parts, List<TensorView> biases) {
    int k = parts.getFirst().dim(1);
    int n = parts.stream().mapToInt(part -> part.dim(0)).sum();
    float[] bias = new float[n];
    int at = 0;
    for (TensorView part : biases) {
      part.copyTo(bias, at);
      at += part.dim(0);
    }
    long[] wide = weights.vector(bias, ElementType.F32);
    long[] narrow = tokenType == ElementType.F32 ? wide : weights.vector(bias, ElementType.BF16);
    return new CudaLinear(this, k, n, weights.matrix(parts, k, k, tokenType), wide, narrow);
  }

  @Override
  public LayerNorm layerNorm(TensorView weight, TensorView bias, double eps) {
    long[] gamma = weights.vector(weight.toFloatArray(), ElementType.F32);
    long[] beta = weights.vector(bias.toFloatArray(), ElementType.F32);
    int features = weight.dim(0);
    List<Norm> norms = new ArrayList<>();
    for (int i = 0; i < gpus.size(); i++) {
      norms.add(new Norm(features, gamma[i], beta[i], (float) eps));
    }
    return new CudaLayerNorm(this, features, norms);
  }

  @Override
  public EmbeddingTables embeddings(TensorView word, TensorView position, TensorView tokenType) {
    int width = word.dim(1);
    int stride = DeviceWeights.stride(width);
    long[] words = weights.matrix(List.of(word), width, stride, this.tokenType);
    long[] positions = weights.matrix(List.of(position), width, stride, this.tokenType);
    long[] types = weights.matrix(List.of(tokenType), width, stride, this.tokenType);
    List<Embed.Tables> tables = new ArrayList<>();
    for (int i = 0; i < gpus.size(); i++) {
      tables.add(
          new Embed.Tables(word.dim(0), words[i], position.dim(0), positions[i], types[i], stride));
    }
    return new CudaEmbeddingTables(this, width, word.dim(0), position.dim(0), tables);
  }

  /** Has a GPU decide how the products of a pass over a bucket are computed. */
  void prepareProducts(Gpu gpu, PassSurvey survey, Bucket bucket) {
    for (PassSurvey.Use use : survey.linears()) {
      CudaLinear linear = own(use.linear(), CudaLinear.class);
      boolean tokens = use.rows() == Slot.Rows.TOKENS;
      Product.Shape shape =
          new Product.Shape(
              tokenType,
              tokens ? tokenType : ElementType.F32,
              linear.outFeatures(),
              linear.inFeatures(),
              options.fused(use.activation()));
      gpu.prepare(shape, tokens ? bucket.tokens() : bucket.sequences());
    }
  }

  @Override
  public void run(PackedBatch batch, ForwardPass pass, float[][] out) {
    if (batch.sequences() == 0) {
      return;
    }
    List<Consumer<Lane>> works = new ArrayList<>();
    for (int[] cut : Chunk.cut(batch, options.limit())) {
      Chunk chunk = new Chunk(batch, cut[0], cut[1], pass, out);
      works.add(lane -> lane.run(chunk));
    }
    lanes.run(works);
  }

  /**
   * Has every lane take its memory, load its kernels and record a smallest batch, so that what does
   * not fit is told now, and the first text does not wait.
   */
  @Override
  public void ready(ForwardPass pass) {
    lanes.runOnEach(lane -> lane.warmUp(pass));
  }

  /** Keeps account of a lane's memory. */
  void addLaneBytes(long bytes) {
    laneBytes.addAndGet(bytes);
  }

  /** Keeps account of a lane's work. */
  void addDeviceNanos(long nanos) {
    deviceNanos.addAndGet(nanos);
  }

  /**
   * Returns how long streams have been at work, each by the device's own clock.
   *
   * @return nanoseconds, all streams together
   */
  public long deviceNanos() {
    return deviceNanos.get();
  }

  /** Says what a lane's memory is for and what reduces it. */
  OutOfMemoryException outOfMemory(OutOfGpuMemoryException e, Bucket most) {
    return new OutOfMemoryException(
        "%s for a stream's batches of up to %,d tokens, beside %,d MB of weights and %d streams; backend 'cuda:tokens=N' makes batches smaller, fewer threads (threads, --threads) are fewer streams, and BF16 arithmetic, if it is not BF16 yet, halves what each needs"
            .formatted(e.getMessage(), most.tokens(), weights.bytes() >> 20, threads()),
        e);
  }

  @Override
  public long memoryBytes() {
    return weights.bytes() * gpus.size() + laneBytes.get();
  }

  @Override
  public synchronized void close() {
    try (Resources all = new Resources()) { // the last first: lanes, weights, GPUs
      gpus.forEach(gpu -> all.add(gpu::close));
      all.add(weights::close);
      all.add(lanes::end);
    }
  }

  /** Returns a handle as this backend's own kind. */
  <T> T own(Object handle, Class<T> type) {
    if (!(handle instanceof CudaHandle own && own.owner() == this)) {
      throw new IllegalArgumentException(
          handle.getClass().getSimpleName() + " was not prepared by this backend");
    }
    return type.cast(handle);
  }
}
