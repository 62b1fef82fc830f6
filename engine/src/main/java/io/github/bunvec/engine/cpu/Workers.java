package io.github.bunvec.engine.cpu;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The seats: as many as may compute at once.
 *
 * <p>A call waits for one free seat and takes what else is free, but leaves a seat to every call
 * that waits. A lone call therefore has all cores; many concurrent calls have one each, which is
 * the better use of them under load. Results do not depend on it.
 */
final class Workers {

  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition change = lock.newCondition();
  private final Worker[] seats;
  private final Worker[] idle; // [free], a stack: the last used seat has the warmest caches
  private int free;
  private int waiting;
  private boolean closed;

  Workers(CpuBackend backend, int threads) {
    seats = new Worker[threads];
    for (int i = 0; i < threads; i++) {
      seats[i] = new Worker(backend, i, threads);
    }
    idle = seats.clone();
    free = threads;
  }

  int size() {
    return seats.length;
  }

  /** Waits for a seat and fills its job's members with up to {@code most} seats, itself first. */
  Job take(int most) {
    lock.lock();
    try {
      waiting++;
      while (free == 0 && !closed) {
        change.awaitUninterruptibly();
      }
      waiting--;
      if (closed) {
        throw new IllegalStateException("the backend is closed");
      }
      Worker leader = idle[--free];
      Job job = leader.job;
      job.members[0] = leader;
      job.seats = 1;
      while (job.seats < most && free > waiting) {
        job.members[job.seats++] = idle[--free];
      }
      return job;
    } finally {
      lock.unlock();
    }
  }

  /** Gives back the seats of a finished job. */
  void release(Job job) {
    lock.lock();
    try {
      for (int i = job.seats - 1; i >= 0; i--) {
        idle[free++] = job.members[i];
      }
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the bytes of all workspaces. */
  long bytes() {
    long bytes = 0;
    for (Worker seat : seats) {
      bytes += seat.workspace.bytes();
    }
    return bytes;
  }

  /** Turns new calls away, waits for running ones and ends the threads. */
  void close() {
    lock.lock();
    try {
      closed = true;
      change.signalAll();
      while (free < seats.length) {
        change.awaitUninterruptibly();
      }
      for (Worker seat : seats) {
        seat.stop();
        seat.workspace.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
