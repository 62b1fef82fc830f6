package io.github.bunvec.bench.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.IntToLongFunction;

/** Threads that do the same thing again and again at once. */
final class Callers {

  private Callers() {}

  /**
   * What they did.
   *
   * @param done the sum of what they returned
   * @param nanos how long it took
   */
  record Result(long done, long nanos) {

    double perSecond() {
      return 1e9 * done / nanos;
    }
  }

  /**
   * Has them work until a time has passed, and waits for the last.
   *
   * @param callers how many
   * @param seconds how long each begins anew
   * @param work is given the caller's number and returns how much it did
   */
  static Result run(int callers, double seconds, IntToLongFunction work) {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    List<FutureTask<Long>> tasks = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      int caller = i;
      FutureTask<Long> task = new FutureTask<>(() -> repeat(end, caller, work));
      tasks.add(task);
      Thread.ofPlatform().daemon().name("bench-caller-" + i).start(task);
    }
    long done = 0;
    try {
      for (FutureTask<Long> task : tasks) {
        done += task.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("a calling thread failed", e);
    }
    return new Result(done, System.nanoTime() - start);
  }

  private static long repeat(long end, int caller, IntToLongFunction work) {
    long done = 0;
    do {
      done += work.applyAsLong(caller);
    } while (System.nanoTime() < end);
    return done;
  }
}
