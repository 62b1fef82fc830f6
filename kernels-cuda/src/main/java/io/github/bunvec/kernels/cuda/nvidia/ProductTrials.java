package io.github.bunvec.kernels.cuda.nvidia;

import io.github.bunvec.engine.cpu.kernel.Bfloat16;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.GpuStream;
import io.github.bunvec.kernels.cuda.device.Product;
import io.github.bunvec.kernels.cuda.device.Resources;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Tries algorithms for one shape of products on memory of its own, which holds random values. */
final class ProductTrials implements AlgorithmChoice.Trials<Algorithm>, AutoCloseable {

  /** How many algorithms are asked for. */
  private static final int CANDIDATES = 16;

  /** Different rows: as many as the smallest tile of matrix units has. */
  private static final int PERIOD = 16;

  /** Different weights, a prime, so that they meet other inputs in every row. */
  private static final int WEIGHTS = 65_537;

  private static final int TIMED_RUNS = 8;

  private final Context context;
  private final CublasLt cublasLt;
  private final Staging staging;
  private final Product.Shape shape;
  private final int lda;
  private final int ldc;
  private final Resources resources = new Resources();
  private final long a;
  private final long w;
  private final long bias;
  private final long c;

  /**
   * Allocates.
   *
   * @param most the most rows
   */
  ProductTrials(
      Context context, CublasLt cublasLt, Staging staging, Product.Shape shape, int most) {
    this.context = context;
    this.cublasLt = cublasLt;
    this.staging = staging;
    this.shape = shape;
    this.lda = Math.ceilDiv(shape.k(), 8) * 8;
    this.ldc = Math.ceilDiv(shape.n(), 8) * 8;
    try {
      Random random = new Random(1);
      a = allocate((long) most * lda, shape.in());
      fill(a, (long) most * lda, random(PERIOD * lda, random), shape.in());
      w = allocate((long) shape.n() * shape.k(), shape.in());
      fill(w, (long) shape.n() * shape.k(), random(WEIGHTS, random), shape.in());
      bias = allocate(shape.n(), shape.out());
      fill(bias, shape.n(), random(shape.n(), random), shape.out());
      c = allocate((long) most * ldc, shape.out());
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  private long allocate(long values, ElementType type) {
    long address = context.allocate(values * type.bytes());
    resources.add(() -> context.free(address));
    return address;
  }

  private static float[] random(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Writes values again and again. */
  private void fill(long to, long count, float[] values, ElementType type) {
    MemorySegment block = MemorySegment.ofArray(values);
    if (type == ElementType.BF16) {
      short[] narrow = new short[values.length];
      for (int i = 0; i < narrow.length; i++) {
        narrow[i] = (short) Bfloat16.fromFloat(values[i]);
      }
      block = MemorySegment.ofArray(narrow);
    }
    long bytes = count * type.bytes();
    for (long at = 0; at < bytes; at += block.byteSize()) {
      long part = Math.min(block.byteSize(), bytes - at);
      staging.copyIn(to + at, block.asSlice(0, part));
    }
  }

  private Product product(int m) {
    return new Product(
        shape.in(), shape.out(), m, shape.n(), shape.k(), a, lda, w, bias, c, ldc, shape.gelu());
  }

  @Override
  public List<Algorithm> candidates(int m) {
    context.use();
    return cublasLt.heuristics(product(m), CANDIDATES, false);
  }

  @Override
  public int period() {
    return PERIOD;
  }

  @Override
  public byte @Nullable [] rows(Algorithm algorithm, int m) {
    Product product = product(m);
    context.use();
    if (!cublasLt.accepts(product, algorithm)) {
      return null;
    }
    long rowBytes = (long) ldc * shape.out().bytes();
    byte[] first = new byte[(int) (Math.min(m, PERIOD) * rowBytes)];
    synchronized (staging) {
      staging.clear(c, m * rowBytes);
      staging.stream().multiply(product, algorithm);
      Repetition repetition = new Repetition(first);
      staging.read(c, m * rowBytes, repetition::add);
      return repetition.holds() ? first : null;
    }
  }

  /** Whether bytes repeat themselves. */
  private static final class Repetition {
    private final byte[] first;
    private final MemorySegment expected;
    private boolean holds = true;

    /** Takes where the first ones are kept. */
    Repetition(byte[] first) {
      this.first = first;
      this.expected = MemorySegment.ofArray(first);
    }

    void add(MemorySegment part, long begin) {
      long at = 0;
      while (at < part.byteSize()) {
        long place = (begin + at) % first.length;
        long count = Math.min(first.length - place, part.byteSize() - at);
        if (begin + at < first.length) {
          MemorySegment.copy(part, at, expected, place, count);
        } else {
          holds &= MemorySegment.mismatch(part, at, at + count, expected, place, place + count) < 0;
        }
        at += count;
      }
    }

    boolean holds() {
      return holds;
    }
  }

  /** By recordings, so that what queueing them takes does not count. */
  @Override
  public float milliseconds(Algorithm algorithm, int m) {
    Product product = product(m);
    synchronized (staging) {
      NvidiaStream stream = staging.stream();
      stream.multiply(product, algorithm); // loads its code, which a recording must not
      try (GpuStream.Graph graph =
          stream.capture(
              () -> {
                for (int i = 0; i < TIMED_RUNS; i++) {
                  stream.multiply(product, algorithm);
                }
              })) {
        stream.launch(graph);
        stream.start();
        stream.launch(graph);
        return stream.stop() / 1e6f / TIMED_RUNS;
      }
    }
  }

  @Override
  public void close() {
    synchronized (staging) {
      resources.add(
          staging.stream()::await); // first: a trial that failed may have left work behind
      resources.close();
    }
  }
}
