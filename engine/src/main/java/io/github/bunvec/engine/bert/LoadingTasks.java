package io.github.bunvec.engine.bert;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The independent parts of one load, done by several threads at once. */
final class LoadingTasks {

  private final List<FutureTask<?>> tasks = new ArrayList<>();

  /** Adds a part; nothing is done yet. */
  <T> FutureTask<T> add(Supplier<T> work) {
    FutureTask<T> task = new FutureTask<>(work::get);
    tasks.add(task);
    return task;
  }

  /**
   * Does all parts, in the order they were added; the caller is one of the threads. After a failure
   * no further part is begun, and the first one is thrown.
   *
   * @param threads how many threads, at least 1
   */
  void run(int threads) {
    AtomicInteger next = new AtomicInteger();
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < Math.min(threads, tasks.size()); i++) {
      others.add(Thread.ofPlatform().daemon().name("bunvec-load-" + i).start(() -> work(next)));
    }
    work(next);
    boolean interrupted = false;
    for (Thread other : others) {
      while (other.isAlive()) {
        try {
          other.join();
        } catch (InterruptedException e) {
          interrupted = true; // the parts must not outlive the checkpoint they read
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    tasks.stream().filter(FutureTask::isDone).forEach(LoadingTasks::result);
  }

  private void work(AtomicInteger next) {
    for (int i = next.getAndIncrement(); i < tasks.size(); i = next.getAndIncrement()) {
      FutureTask<?> task = tasks.get(i);
      task.run();
      if (task.state() == FutureTask.State.FAILED) {
        next.set(tasks.size());
      }
    }
  }

  /** Returns what a part gave that has been done; throws what it threw. */
  static <T> T result(FutureTask<T> task) {
    if (task.state() == FutureTask.State.FAILED) {
      switch (task.exceptionNow()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case Throwable failure -> throw new IllegalStateException(failure);
      }
    }
    return task.resultNow();
  }
}
