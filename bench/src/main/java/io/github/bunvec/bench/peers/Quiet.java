package io.github.bunvec.bench.peers;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * Waits until no thread of this process burns a processor.
 *
 * <p>The threads of every runtime poll for work for a while after the last of it: half a
 * millisecond to a third of a second. The next one must not pay for that.
 */
final class Quiet {

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final long WINDOW = 10_000_000;
  private static final double IDLE = 0.2;
  private static final long LIMIT = 2_000_000_000L;

  private Quiet() {}

  /** Returns when a window of 10 ms has passed in which the process took less than 2 ms. */
  static void await() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < LIMIT) {
      long from = System.nanoTime();
      long used = SYSTEM.getProcessCpuTime();
      pause();
      if (SYSTEM.getProcessCpuTime() - used < IDLE * (System.nanoTime() - from)) {
        return;
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(WINDOW);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while measuring", e);
    }
  }
}
