package io.github.bunvec.bench;

import io.github.bunvec.engine.cpu.kernel.Ceiling;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.DoubleSupplier;

/** Runs one thing on several threads that start together. */
public final class AtOnce {

  private AtOnce() {}

  /**
   * Measures the FMA ceiling of some threads at once, the average over an interval.
   *
   * @param threads how many, the calling thread among them
   * @param nanos how long, in nanoseconds
   * @return GFLOP/s of all threads together
   */
  public static double gflops(int threads, long nanos) {
    return sum(threads, () -> Ceiling.gflops(nanos));
  }

  /** Returns the sum of what the threads return; the calling thread is one of them. */
  static double sum(int threads, DoubleSupplier work) {
    CyclicBarrier start = new CyclicBarrier(threads);
    List<FutureTask<Double>> others = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      FutureTask<Double> task = new FutureTask<>(() -> from(start, work));
      others.add(task);
      Thread.ofPlatform().daemon().name("at-once-" + i).start(task);
    }
    try {
      double sum = from(start, work);
      for (FutureTask<Double> other : others) {
        sum += other.get();
      }
      return sum;
    } catch (InterruptedException | BrokenBarrierException | ExecutionException e) {
      throw new IllegalStateException("a measuring thread failed", e);
    }
  }

  private static double from(CyclicBarrier start, DoubleSupplier work)
      throws InterruptedException, BrokenBarrierException {
    start.await();
    return work.getAsDouble();
  }
}
