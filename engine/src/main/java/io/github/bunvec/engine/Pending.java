package io.github.bunvec.engine;

import java.io.IOException;
import java.util.concurrent.FutureTask;

/** A part of a model that another thread is loading. */
final class Pending<T> {

  /** How a part is loaded. */
  interface Loading<T> {
    T load() throws IOException;
  }

  private final FutureTask<T> task;
  private final Thread thread;

  private Pending(String name, Loading<T> loading) {
    task = new FutureTask<>(loading::load);
    thread = Thread.ofPlatform().daemon().name(name).start(task);
  }

  /** Starts to load a part. */
  static <T> Pending<T> start(String name, Loading<T> loading) {
    return new Pending<>(name, loading);
  }

  /** Waits for the part; throws what its loading threw. */
  T get() throws IOException {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // it must not outlive the files it reads
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (task.state() == FutureTask.State.SUCCESS) {
      return task.resultNow();
    }
    switch (task.exceptionNow()) {
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }
}
