package io.github.bunvec.bench;

import io.github.bunvec.engine.cpu.kernel.ReadBandwidth;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How fast threads read memory: each sums its own part of a long array over and over.
 *
 * <p>The array must be several times the last cache, or what is measured is the cache.
 */
final class Bandwidth {

  /** Floats read between two looks at the clock: 1 MB. */
  private static final int CHUNK = 1 << 18;

  private final float[] values;

  /** Fills an array of so many megabytes. */
  Bandwidth(int megabytes) {
    values = new float[megabytes << 18];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i & 0xFF) + 1;
    }
  }

  /** Returns how many bytes {@link #read} reads. */
  long bytes() {
    return 4L * values.length;
  }

  /** Sums the whole array on the calling thread. */
  float read() {
    return ReadBandwidth.sum(values, 0, values.length);
  }

  /** Measures what some threads read at once, the average over an interval; GB/s. */
  double gigabytes(int threads, long nanos) {
    AtomicInteger next = new AtomicInteger();
    int part = values.length / threads / CHUNK * CHUNK;
    if (part == 0) {
      throw new IllegalArgumentException(
          threads + " threads cannot share " + bytes() + " bytes; take a longer array");
    }
    return AtOnce.sum(threads, () -> rate(next.getAndIncrement() * part, part, nanos));
  }

  private double rate(int from, int length, long nanos) {
    double bytes = 0;
    float sum = 0;
    int at = 0;
    long start = System.nanoTime();
    long elapsed;
    do {
      sum += ReadBandwidth.sum(values, from + at, CHUNK);
      bytes += 4.0 * CHUNK;
      at = (at + CHUNK) % length;
      elapsed = System.nanoTime() - start;
    } while (elapsed < nanos);
    // Looking at the sum keeps the loop from being removed.
    if (Float.isNaN(sum)) {
      throw new IllegalStateException("the values sum to NaN");
    }
    return bytes / elapsed;
  }
}
