package io.github.bunvec.engine.cpu;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One seat in the pool: a workspace, and a platform thread for when its seat helps another's call.
 *
 * <p>The thread that makes a call sits down in a free seat and computes there itself; further free
 * seats help through their own threads. A seat's thread is started when it is first needed.
 */
final class Worker implements Runnable {

  /**
   * How long a thread polls for work before it parks: calls of a busy service come closer together
   * than this, and an idle one soon costs nothing.
   */
  private static final long POLL_NANOS = 500_000;

  final Workspace workspace = new Workspace();
  final Job job; // the one this seat leads when a caller sits in it
  final CpuOps ops;
  private final int number;
  private @Nullable Thread thread; // guarded by the pool's lock through recruit
  private volatile @Nullable Job task;
  private volatile boolean parked;
  private volatile boolean stopped;

  Worker(CpuBackend backend, int number, int workers) {
    this.number = number;
    this.ops = new CpuOps(backend, workspace);
    this.job = new Job(workers);
  }

  /** Has this seat's thread work on a job as one of its members. */
  void assign(Job next) {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("bunvec-worker-" + number).start(this);
    }
    task = next;
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  /** Ends the thread; it must be idle. */
  void stop() {
    stopped = true;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public void run() {
    while (true) {
      Job next = await();
      if (next == null) {
        return;
      }
      task = null;
      next.work(this);
      next.done();
    }
  }

  /** Returns the next job, or null when stopped. */
  private @Nullable Job await() {
    long start = System.nanoTime();
    Job next = task;
    while (next == null && !stopped) {
      if (System.nanoTime() - start < POLL_NANOS) {
        Thread.onSpinWait();
      } else {
        parked = true;
        // Looked at once more after the flag is up: assign sets the task first and reads the flag
        // then.
        if (task == null && !stopped) {
          LockSupport.park(this);
        }
        parked = false;
      }
      next = task;
    }
    return next;
  }
}
