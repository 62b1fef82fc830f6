package io.github.bunvec.engine.cpu;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How far the members of a job have come in the operations they share.
 *
 * <p>An operation is cut into parts. Members claim parts until none is left, and go on once all are
 * done, whoever did them: a member that the operating system has put aside holds up the others by
 * the part it has claimed and no more, where a barrier would wait for it after every operation.
 */
final class Progress {

  /** How long a member polls for the last parts: longer than all but the largest parts take. */
  private static final long POLL_NANOS = 1_000_000;

  /** How long a nap lasts once polling has been too long. */
  private static final long NAP_NANOS = 50_000;

  private AtomicIntegerArray claimed = new AtomicIntegerArray(0); // [operations of all slices]
  private AtomicIntegerArray done = new AtomicIntegerArray(0); // [operations of all slices]
  private volatile @Nullable Throwable failure;

  /** Starts anew; no member may be at work. */
  void reset(int operations) {
    failure = null;
    if (claimed.length() < operations) {
      claimed = new AtomicIntegerArray(operations);
      done = new AtomicIntegerArray(operations);
      return;
    }
    for (int i = 0; i < operations; i++) {
      claimed.setPlain(i, 0);
      done.setPlain(i, 0);
    }
  }

  /** Makes every member leave: those that wait, and those that come to wait. */
  void fail(Throwable cause) {
    failure = cause;
  }

  /** Returns a part no one else has, or {@code parts} or more when there is none left. */
  int claim(int operation) {
    return claimed.getAndIncrement(operation);
  }

  /** Says that a claimed part is done. */
  void finish(int operation) {
    done.getAndIncrement(operation);
  }

  /** Waits until all parts of an operation are done. */
  void await(int operation, int parts) {
    if (done.get(operation) == parts) {
      return;
    }
    long start = System.nanoTime();
    while (done.get(operation) < parts) {
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
