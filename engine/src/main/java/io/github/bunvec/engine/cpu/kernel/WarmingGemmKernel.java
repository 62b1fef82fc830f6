package io.github.bunvec.engine.cpu.kernel;

import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.WeightType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Plain loops, or machine code, until the JVM has compiled the vector kernels, then those.
 *
 * <p>Before C2 compiles it, a vector kernel makes an object of every vector and runs at a hundredth
 * of its speed: the first calls of a program would take seconds. Plain loops are compiled at once
 * and give the same bits. Meanwhile a thread runs the vector kernels on small matrices, which gets
 * them compiled, and switches over when they have become fast.
 */
public final class WarmingGemmKernel implements GemmKernel {

  /** Compiled kernels are far above, interpreted ones far below; GFLOP/s. */
  private static final double COMPILED = 4;

  /** Where compilation is switched off the plain loops stay. */
  private static final long GIVE_UP_NANOS = 60_000_000_000L;

  private static final long DELAY_NANOS = 150_000_000L;

  private static final int M = 6; // as many rows as the tallest tile of any width
  private static final int K = 64;

  private static final int LENGTH = 17; // queries of more than one vector of any width
  private static final int WIDTH = 32; // a whole panel of any width

  private final GemmKernel vectors;
  private final WeightType type;
  private volatile GemmKernel current;
  private volatile boolean stopped;
  private final AtomicBoolean started = new AtomicBoolean();
  private final Thread thread;

  /**
   * Creates a kernel that is to be warmed up.
   *
   * @param vectors the kernel
   * @param meanwhile what does its work until then: with its panels and its bits
   * @param type how weights are kept; the products with FP32 weights are warmed up in any case,
   *     attention runs on them
   */
  public WarmingGemmKernel(GemmKernel vectors, GemmKernel meanwhile, WeightType type) {
    if (meanwhile.columns() != vectors.columns()) {
      throw new IllegalArgumentException(
          "panels of " + meanwhile.columns() + " columns for those of " + vectors.columns());
    }
    this.vectors = vectors;
    this.type = type;
    this.current = meanwhile;
    this.thread = Thread.ofPlatform().daemon().name("bunvec-warm-up").unstarted(this::warmUp);
  }

  /**
   * Starts the warming in a thread of its own, unless it has been started. A moment passes before
   * it takes a core: what a command embeds first is often done by then.
   */
  public void start() {
    if (!started.get() && started.compareAndSet(false, true)) {
      thread.start();
    }
  }

  /**
   * Returns whether the vector kernels are in use.
   *
   * @return false while plain loops stand in
   */
  public boolean isWarm() {
    return current == vectors;
  }

  /**
   * Returns whether what does its work meanwhile will stay, because the JVM did not compile the
   * vector kernels.
   *
   * @return true once the warming has ended without success
   */
  public boolean hasGivenUp() {
    return thread.getState() == Thread.State.TERMINATED && !isWarm();
  }

  /** Ends the warming, if it is still going on. */
  public void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }

  private void warmUp() {
    LockSupport.parkNanos(DELAY_NANOS);
    long start = System.nanoTime();
    float[] a = new float[M * K];
    float[] c = new float[M * 2 * vectors.columns()];
    float[] weights = new float[2 * vectors.columns() * K];
    float[] bias = new float[2 * vectors.columns()];
    List<PackedMatrix> layers = new ArrayList<>();
    layers.add(PackedMatrix.fp32(vectors, K, List.of(weights), bias));
    if (type == WeightType.BF16) {
      layers.add(PackedMatrix.bf16(vectors, K, List.of(weights), bias));
    }
    float[] qkv = new float[LENGTH * 3 * WIDTH];
    float[] context = new float[LENGTH * WIDTH];
    Attention.Scratch scratch = new Attention.Scratch();
    float[] norm = new float[K];
    float[] partial = new float[2 * VectorWidth.PARTIALS];
    double slowest = 0;
    while (slowest < COMPILED && !stopped && System.nanoTime() - start < GIVE_UP_NANOS) {
      slowest = Double.MAX_VALUE;
      for (PackedMatrix layer : layers) {
        slowest = Math.min(slowest, speed(layer, a, c));
      }
      slowest = Math.min(slowest, speed(qkv, context, scratch));
      LayerNormKernel.addAndNormalize(
          vectors, 3, K, a, 0, K, c, 0, K, norm, norm, 1, partial); // two rows and one
    }
    if (slowest >= COMPILED) {
      current = vectors;
    }
  }

  /** GFLOP/s of some products, the activation of most models included. */
  private double speed(PackedMatrix layer, float[] a, float[] c) {
    int times = 4;
    int rows = 0;
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      for (int m = M; m > 0; m--) { // a tile of every height
        Gemm.linear(
            vectors,
            layer,
            Activation.GELU,
            0,
            layer.panels(),
            m,
            a,
            0,
            K,
            c,
            0,
            2 * vectors.columns());
        rows += m;
      }
    }
    long nanos = System.nanoTime() - start;
    return 2.0 * rows * K * layer.outFeatures() / nanos;
  }

  /** The same of attention, for all queries and for the first alone. */
  private double speed(float[] qkv, float[] context, Attention.Scratch scratch) {
    int times = 4;
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      attention(LENGTH, qkv, context, scratch);
      attention(1, qkv, context, scratch);
    }
    long nanos = System.nanoTime() - start;
    return 4.0 * times * (LENGTH + 1) * LENGTH * WIDTH / nanos;
  }

  private void attention(int queries, float[] qkv, float[] context, Attention.Scratch scratch) {
    Attention.head(
        vectors, queries, LENGTH, WIDTH, qkv, 0, WIDTH, 2 * WIDTH, 3 * WIDTH, context, 0, WIDTH,
        scratch);
  }

  @Override
  public boolean compiled() {
    return isWarm();
  }

  @Override
  public int lanes() {
    return vectors.lanes();
  }

  @Override
  public int rows() {
    return vectors.rows();
  }

  @Override
  public int columns() {
    return vectors.columns();
  }

  @Override
  public void panel(
      int m,
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    current.panel(m, k, a, aOffset, lda, b, bOffset, init, initOffset, initStride, c, cOffset, ldc);
  }

  @Override
  public void panelBf16(
      int m,
      int k,
      float[] a,
      int aOffset,
      int lda,
      int[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    current.panelBf16(
        m, k, a, aOffset, lda, b, bOffset, init, initOffset, initStride, c, cOffset, ldc);
  }
}
