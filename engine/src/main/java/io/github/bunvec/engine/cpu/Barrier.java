package io.github.bunvec.engine.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where the members of a team wait for each other, many thousand times a second.
 *
 * <p>Waiting polls for a bounded time and then sleeps in short naps: parking at once would cost
 * more than most operations take, polling for ever would burn a core that another process needs.
 * When one member fails, the others leave with an exception too, instead of waiting for it.
 */
final class Barrier {

  /** How long a member polls: longer than the slowest operation's imbalance on an idle machine. */
  private static final long POLL_NANOS = 1_000_000;

  /** How long a nap lasts; what a late member can cost on a busy machine. */
  private static final long NAP_NANOS = 50_000;

  private final AtomicInteger arrived = new AtomicInteger();
  private volatile int generation;
  private volatile @Nullable Throwable failure;

  /** Forgets an earlier failure; no one may be waiting. */
  void reset() {
    arrived.set(0);
    failure = null;
  }

  /** Makes everyone who waits, or will wait, leave. */
  void fail(Throwable cause) {
    failure = cause;
  }

  /** Waits until {@code size} members have come. */
  void await(int size) {
    int current = generation;
    if (arrived.incrementAndGet() == size) {
      arrived.set(0);
      generation = current + 1;
      return;
    }
    long start = System.nanoTime();
    while (generation == current) {
      Throwable cause = failure;
      if (cause != null) {
        throw new IllegalStateException("another worker failed: " + cause, cause);
      }
      pause(start);
    }
  }

  /** Lets a little time pass: spinning at first, napping once polling has lasted long enough. */
  static void pause(long start) {
    if (System.nanoTime() - start < POLL_NANOS) {
      for (int i = 0; i < 16; i++) {
        Thread.onSpinWait();
      }
    } else {
      LockSupport.parkNanos(NAP_NANOS);
    }
  }
}
