package io.github.bunvec.engine.spi;

/**
 * A place for one matrix of a pass: one row per token, or one per sequence.
 *
 * <p>All numbers count values per row. A backend that keeps room for {@code n} rows puts the matrix
 * at {@code offset * n} of the memory for that kind of row; row {@code r} then starts {@code r *
 * stride} further on. Slots of one kind whose ranges {@code offset .. offset + stride} overlap
 * share memory and must not be alive together.
 *
 * @param rows what has a row
 * @param offset where the slot starts
 * @param width how many values a row has
 * @param stride the leading dimension: how far rows lie apart, at least {@code width}; the values
 *     in between may be overwritten by any operation that writes the slot
 */
public record Slot(Rows rows, int offset, int width, int stride) {

  /** What a matrix has one row for. */
  public enum Rows {
    /** Every token of the batch. */
    TOKENS,
    /** Every sequence of the batch. */
    SEQUENCES
  }

  /** Checks that rows do not overlap. */
  public Slot {
    if (offset < 0 || width < 1 || stride < width) {
      throw new IllegalArgumentException(
          "slot offset="
              + offset
              + " width="
              + width
              + " stride="
              + stride
              + ", expected rows that do not overlap");
    }
  }

  /**
   * Returns where the next slot may start.
   *
   * @return the first offset behind this slot
   */
  public int end() {
    return offset + stride;
  }

  /**
   * Returns a slot with room that kernels like: rows rounded up to whole panels of every
   * micro-kernel, and 16 values more, so that the rows of widths such as 1024 do not all fall into
   * the same sets of the L1 cache.
   *
   * @param rows what has a row
   * @param offset where it starts
   * @param width how many values a row has
   * @return the slot
   */
  public static Slot of(Rows rows, int offset, int width) {
    return new Slot(rows, offset, width, Math.ceilDiv(width, 64) * 64 + 16);
  }

  /**
   * Returns the same place, of which only the first values of a row count.
   *
   * @param columns how many, at most {@link #width}
   * @return the narrower slot
   */
  public Slot first(int columns) {
    if (columns > width) {
      throw new IllegalArgumentException(columns + " values of a slot of " + width);
    }
    return new Slot(rows, offset, columns, stride);
  }
}
