package io.github.bunvec.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock file that one thread of one JVM holds at a time; the system frees it when the process
 * ends, however it ends. It saves double work; correctness does not depend on it (decision 0019).
 */
final class CacheLock implements AutoCloseable {

  private static final long POLL_MILLIS = 100;

  /**
   * The JVM's threads among each other. POSIX locks belong to the process, and closing any channel
   * on the file ends them: the second thread must not even open it. Hence one table for the JVM.
   */
  private static final ConcurrentMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock thread;
  private final FileChannel channel;

  private CacheLock(ReentrantLock thread, FileChannel channel) {
    this.thread = thread;
    this.channel = channel;
  }

  /** Waits for the lock; says so once if it has to. */
  static CacheLock acquire(Path file, Runnable waiting) throws IOException {
    CacheFiles.createParent(file);
    ReentrantLock thread =
        THREADS.computeIfAbsent(
            CacheFiles.parent(file).toRealPath().resolve(file.getFileName()),
            _ -> new ReentrantLock());
    Waiting once = new Waiting(waiting);
    while (!acquire(thread)) {
      once.tell();
    }
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        while (!acquire(channel)) {
          once.tell();
          Pause.SLEEP.of(Duration.ofMillis(POLL_MILLIS));
        }
        return new CacheLock(thread, channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      thread.unlock();
      throw e;
    }
  }

  private static boolean acquire(ReentrantLock thread) throws IOException {
    try {
      return thread.tryLock(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for another download");
    }
  }

  /** Closing the channel frees the lock. */
  private static boolean acquire(FileChannel channel) throws IOException {
    FileLock lock = channel.tryLock();
    return lock != null;
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      thread.unlock();
    }
  }

  /** Tells once. */
  private static final class Waiting {

    private final Runnable action;
    private boolean told;

    Waiting(Runnable action) {
      this.action = action;
    }

    void tell() {
      if (!told) {
        told = true;
        action.run();
      }
    }
  }
}
