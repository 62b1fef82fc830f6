package io.github.bunvec.cli;

import io.github.bunvec.engine.cpu.kernel.Ceiling;
import io.github.bunvec.engine.cpu.kernel.ReadBandwidth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntToDoubleFunction;

/** What the machine can do at best, measured anew in every round. */
final class BenchCeilings {

  /** More than four times the last cache of most machines; less where the heap is small. */
  private static final int MAX_FLOATS = 64 << 20;

  /** How long each ceiling is measured, in nanoseconds. */
  private static final long INTERVAL = 20_000_000;

  /** One measurement; rates of all cores are those of as many threads as the model uses. */
  record Sample(double oneFma, double allFma, double oneRead, double allRead) {}

  private final int threads;
  private final float[] values;
  private final List<Sample> samples = new ArrayList<>();

  /**
   * Gets the loops compiled.
   *
   * @param floats how much memory is read at most
   */
  BenchCeilings(int threads, int floats) {
    this.threads = threads;
    long free = Runtime.getRuntime().maxMemory() / 4 / Float.BYTES;
    values = new float[(int) Math.min(Math.min(MAX_FLOATS, floats), free)];
    Arrays.fill(values, 1f);
    Ceiling.warmUp();
    for (int i = 0; i < 2000; i++) {
      checkedSum(0, 1 << 12);
    }
  }

  /** Measures all four, in some 100 ms. */
  Sample measure() {
    Sample sample =
        new Sample(
            together(1, thread -> Ceiling.gflops(INTERVAL)),
            together(threads, thread -> Ceiling.gflops(INTERVAL)),
            together(1, thread -> read(thread, 1)),
            together(threads, thread -> read(thread, threads)));
    samples.add(sample);
    return sample;
  }

  /** The medians so far. */
  Sample medians() {
    return new Sample(
        BenchRun.median(samples.stream().mapToDouble(Sample::oneFma)),
        BenchRun.median(samples.stream().mapToDouble(Sample::allFma)),
        BenchRun.median(samples.stream().mapToDouble(Sample::oneRead)),
        BenchRun.median(samples.stream().mapToDouble(Sample::allRead)));
  }

  /** GB/s of one thread on its part of the array. */
  private double read(int thread, int parts) {
    int count = values.length / parts;
    long start = System.nanoTime();
    checkedSum(thread * count, count);
    return 4.0 * count / (System.nanoTime() - start);
  }

  private void checkedSum(int from, int count) {
    // Looking at the sum keeps the loop from being removed. It stalls at 2^24 of one lane, no less.
    float sum = ReadBandwidth.sum(values, from, count);
    if (!(sum > 0)) {
      throw new IllegalStateException("ones sum to " + sum);
    }
  }

  /** The sum of what some threads measure at the same time. */
  private static double together(int threads, IntToDoubleFunction measurement) {
    double[] rates = new double[threads];
    CountDownLatch ready = new CountDownLatch(threads);
    List<Thread> others = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int thread = i;
      others.add(
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    ready.countDown();
                    while (ready.getCount() > 0) {
                      Thread.onSpinWait();
                    }
                    rates[thread] = measurement.applyAsDouble(thread);
                  }));
    }
    for (Thread other : others) {
      try {
        other.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while measuring", e);
      }
    }
    return Arrays.stream(rates).sum();
  }
}
