package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.Slot;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.OutOfGpuMemoryException;
import io.github.bunvec.kernels.cuda.device.Product;
import io.github.bunvec.kernels.cuda.launch.Embed;
import io.github.bunvec.kernels.cuda.launch.Norm;
import io.github.bunvec.loader.TensorView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The backend of NVIDIA GPUs: weights on every one of them, and lanes that take chunks of batches
 * from one queue, whichever GPU is free.
 */
final class CudaBackend implements Backend {

  /** Ends a lane. */
  private record Task(@Nullable Chunk chunk) {}

  private static final Task END = new Task(null);

  private final List<Gpu> gpus;
  private final ElementType tokenType;
  private final Bucket limit;
  private final DeviceWeights weights;
  private final BlockingQueue<Task> queue = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong laneBytes = new AtomicLong();
  private boolean closed; // guarded by queue, so that no chunk comes behind the lanes' end

  /**
   * Takes GPUs over: closes them.
   *
   * @param gpus at least one
   * @param lanes streams of each
   * @param limit the largest chunk
   */
  CudaBackend(
      List<Gpu> gpus, WeightType weightType, Arithmetic arithmetic, int lanes, Bucket limit) {
    this.gpus = List.copyOf(gpus);
    this.tokenType = arithmetic == Arithmetic.BF16 ? ElementType.BF16 : ElementType.F32;
    this.limit = limit;
    this.weights = new DeviceWeights(this.gpus, weightType);
    for (int device = 0; device < this.gpus.size(); device++) {
      for (int i = 0; i < lanes; i++) {
        int own = device;
        threads.add(
            Thread.ofPlatform()
                .daemon()
                .name("bunvec-cuda-" + device + "-" + i)
                .start(() -> work(own)));
      }
    }
  }

  /** One lane's life. */
  private void work(int device) {
    Lane[] lane = new Lane[1]; // made by the first chunk, which is told if that fails
    try {
      for (Task task = queue.take(); task.chunk() != null; task = queue.take()) {
        Chunk chunk = task.chunk();
        chunk
            .call()
            .carryOut(
                () -> {
                  if (lane[0] == null) {
                    lane[0] = new Lane(this, device, gpus.get(device));
                  }
                  lane[0].run(chunk);
                });
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does; the lane ends
    } finally {
      if (lane[0] != null) {
        lane[0].close();
      }
    }
  }

  ElementType tokenType() {
    return tokenType;
  }

  Bucket limit() {
    return limit;
  }

  @Override
  public String description() {
    return "cuda, "
        + String.join(", ", gpus.stream().map(Gpu::name).toList())
        + ", "
        + threads()
        + (threads() == 1 ? " stream" : " streams")
        + ", "
        + (tokenType == ElementType.BF16 ? "BF16" : "FP32")
        + " arithmetic";
  }

  @Override
  public Arithmetic arithmetic() {
    return tokenType == ElementType.BF16 ? Arithmetic.BF16 : Arithmetic.FP32;
  }

  @Override
  public int threads() {
    return threads.size();
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
              linear.inFeatures());
      gpu.prepare(shape, tokens ? bucket.tokens() : bucket.sequences());
    }
  }

  @Override
  public void run(PackedBatch batch, ForwardPass pass, float[][] out) {
    if (batch.sequences() == 0) {
      return;
    }
    List<int[]> cuts = Chunk.cut(batch, limit);
    Call call = new Call(cuts.size());
    synchronized (queue) {
      if (closed) {
        throw new IllegalStateException("the backend cuda is closed");
      }
      for (int[] cut : cuts) {
        queue.add(new Task(new Chunk(batch, cut[0], cut[1], pass, out, call)));
      }
    }
    call.await();
  }

  /** Keeps account of a lane's memory. */
  void addLaneBytes(long bytes) {
    laneBytes.addAndGet(bytes);
  }

  /** Says what a lane's memory is for and what reduces it. */
  OutOfMemoryException outOfMemory(OutOfGpuMemoryException e, Bucket most) {
    return new OutOfMemoryException(
        "%s for a stream's batches of up to %,d tokens, beside %,d MB of weights and %d streams; fewer threads (threads, --threads) are fewer streams, and BF16 arithmetic, if it is not BF16 yet, halves what each needs"
            .formatted(e.getMessage(), most.tokens(), weights.bytes() >> 20, threads()),
        e);
  }

  @Override
  public long memoryBytes() {
    return weights.bytes() * gpus.size() + laneBytes.get();
  }

  @Override
  public void close() {
    synchronized (queue) {
      if (closed) {
        return;
      }
      closed = true;
      threads.forEach(_ -> queue.add(END));
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true; // lanes use what is freed next
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    weights.close();
    gpus.forEach(Gpu::close);
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
