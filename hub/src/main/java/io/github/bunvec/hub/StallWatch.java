package io.github.bunvec.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Closes a stream that gives nothing for too long: the JDK's client has a timeout for the answer's
 * head, none for its body.
 */
final class StallWatch implements AutoCloseable {

  private final InputStream stream;
  private final Thread thread;
  private final long limitNanos;
  private volatile long last = System.nanoTime();
  private volatile boolean stalled;

  StallWatch(InputStream stream, Duration limit) {
    this.stream = stream;
    this.limitNanos = limit.toNanos();
    this.thread = Thread.ofVirtual().start(this::watch);
  }

  void alive() {
    last = System.nanoTime();
  }

  boolean stalled() {
    return stalled;
  }

  private void watch() {
    try {
      while (true) {
        long left = limitNanos - (System.nanoTime() - last);
        if (left <= 0) {
          stalled = true;
          stream.close();
          return;
        }
        Thread.sleep(Duration.ofNanos(left));
      }
    } catch (InterruptedException | IOException e) {
      // Done, or closing failed and the read with it: nothing is left to watch.
      return;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
