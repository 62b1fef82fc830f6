package io.github.bunvec.bench.gpu;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A cell of a table.
 *
 * @param text as people read it
 * @param value what it was made of, in SI units; null where it is text alone
 */
record Cell(String text, @Nullable Double value) {

  /** A word. */
  static Cell of(String text) {
    return new Cell(text, null);
  }

  /** Something that was not measured. */
  static Cell none() {
    return of("");
  }

  /** A whole number. */
  static Cell count(long value) {
    return of("%,d", value, (double) value);
  }

  /** A duration, given in nanoseconds. */
  static Cell micros(double nanos) {
    return new Cell(significant(nanos / 1e3) + " µs", nanos * 1e-9);
  }

  /** So many a second. */
  static Cell rate(double perSecond) {
    return new Cell(significant(perSecond), perSecond);
  }

  /** Operations a second. */
  static Cell teraflops(double perSecond) {
    return new Cell(significant(perSecond / 1e12), perSecond);
  }

  /** Bytes a second. */
  static Cell gigabytes(double perSecond) {
    return new Cell(significant(perSecond / 1e9), perSecond);
  }

  /** Bytes. */
  static Cell megabytes(double bytes) {
    return new Cell(significant(bytes / 1e6), bytes);
  }

  /** A part of a whole. */
  static Cell percent(double share) {
    return of("%.0f %%", 100 * share, share);
  }

  /** How many times as much. */
  static Cell times(double ratio) {
    return of("%.2f×", ratio, ratio);
  }

  private static Cell of(String format, Number shown, double value) {
    return new Cell(String.format(Locale.ROOT, format, shown), value);
  }

  /** Three digits that say something. */
  private static String significant(double value) {
    String format = value >= 1000 ? "%,.0f" : value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
