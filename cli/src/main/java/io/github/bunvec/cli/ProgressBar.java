package io.github.bunvec.cli;

import java.util.Locale;
import java.util.function.LongFunction;

/**
 * A line on standard error that shows how far the work is: drawn only for a person, only once the
 * work has taken a while, and erased in the end. It never touches standard output.
 */
final class ProgressBar implements AutoCloseable {

  private static final long PATIENCE_NANOS = 1_000_000_000L;
  private static final long INTERVAL_NANOS = 100_000_000L;
  private static final int CELLS = 30;

  private final Console console;
  private final long start = System.nanoTime();
  private long next = start + PATIENCE_NANOS;
  private boolean drawn;

  ProgressBar(Console console) {
    this.console = console;
  }

  void update(long texts, double fraction) {
    draw(now -> line(texts, fraction, now - start));
  }

  /** The same of a download. */
  void updateBytes(long done, long total) {
    draw(now -> line(done, total, now - start));
  }

  private void draw(LongFunction<String> line) {
    long now = System.nanoTime();
    if (!console.terminalError() || now - next < 0) {
      return;
    }
    next = now + INTERVAL_NANOS;
    console.err().print("\r" + line.apply(now) + "\u001b[K");
    console.err().flush();
    drawn = true;
  }

  static String line(long texts, double fraction, long elapsedNanos) {
    double seconds = elapsedNanos / 1e9;
    String counts = String.format(Locale.ROOT, "%,d texts, %,.0f/s", texts, texts / seconds);
    return Double.isNaN(fraction) ? counts : bar(counts, fraction, seconds);
  }

  static String line(long done, long total, long elapsedNanos) {
    double seconds = elapsedNanos / 1e9;
    String counts =
        String.format(
            Locale.ROOT,
            "%,.0f of %,.0f MB, %,.1f MB/s",
            done / 1e6,
            total / 1e6,
            done / 1e6 / seconds);
    return bar(counts, total == 0 ? 0 : (double) done / total, seconds);
  }

  private static String bar(String counts, double fraction, double seconds) {
    int full = (int) (fraction * CELLS);
    return String.format(
        Locale.ROOT,
        "%3.0f%% [%s%s] %s, %.0f s left",
        100 * fraction,
        "#".repeat(full),
        ".".repeat(CELLS - full),
        counts,
        fraction == 0 ? 0 : seconds * (1 - fraction) / fraction);
  }

  /** Takes the line away before something else is written to standard error. */
  void eraseBeforeMessage() {
    erase();
  }

  /** Takes the line away before results appear on the same terminal. */
  void eraseBefore(boolean standardOutput) {
    if (standardOutput && console.terminalOutput()) {
      erase();
    }
  }

  private void erase() {
    if (drawn) {
      console.err().print("\r\u001b[K");
      console.err().flush();
      drawn = false;
    }
  }

  @Override
  public void close() {
    erase();
  }
}
