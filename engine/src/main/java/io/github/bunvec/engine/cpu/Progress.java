package io.github.bunvec.engine.cpu;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How far the members of a job have come in the operations they share.
 *
 * <p>An operation is cut into parts, and every member has a run of them, side by side, so that it
 * can fetch ahead. Who has finished its own claims parts of the others' runs, and all go on once
 * all parts are done, whoever did them: a member that the operating system has put aside holds up
 * the others by the part it has claimed and no more, where a barrier would wait for it after every
 * operation.
 */
final class Progress {

  /** How long a member polls for the last parts: longer than all but the largest parts take. */
  private static final long POLL_NANOS = 1_000_000;

  /** How long a nap lasts once polling has been too long. */
  private static final long NAP_NANOS = 50_000;

  private int members;
  private AtomicIntegerArray claimed = new AtomicIntegerArray(0); // [operations][members]
  private AtomicIntegerArray done = new AtomicIntegerArray(0); // [operations], of all slices
  private volatile @Nullable Throwable failure;

  /** Starts anew; no member may be at work. */
  void reset(int operations, int memberCount) {
    failure = null;
    members = memberCount;
    int runs = Math.multiplyExact(operations, members);
    if (claimed.length() < runs || done.length() < operations) {
      claimed = new AtomicIntegerArray(runs);
      done = new AtomicIntegerArray(operations);
      return;
    }
    for (int i = 0; i < runs; i++) {
      claimed.setPlain(i, 0);
    }
    for (int i = 0; i < operations; i++) {
      done.setPlain(i, 0);
    }
  }

  /** Makes every member leave: those that wait, and those that come to wait. */
  void fail(Throwable cause) {
    failure = cause;
  }

  /** Returns where a member's run of parts begins; it ends where the next one's does. */
  int begin(int member, int parts) {
    return (int) ((long) parts * member / members);
  }

  /**
   * Returns a part no one else has: the next one of the member's run, or else of another's; {@code
   * parts} when there is none left.
   */
  int claim(int operation, int member, int parts) {
    for (int i = 0; i < members; i++) {
      int owner = (member + i) % members;
      int begin = begin(owner, parts);
      int count = begin(owner + 1, parts) - begin;
      int run = operation * members + owner;
      if (claimed.get(run) < count) {
        int taken = claimed.getAndIncrement(run);
        if (taken < count) {
          return begin + taken;
        }
      }
    }
    return parts;
  }

  /** Says that claimed parts are done. */
  void finish(int operation, int count) {
    done.getAndAdd(operation, count);
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
