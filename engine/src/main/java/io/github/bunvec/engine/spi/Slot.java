package io.github.bunvec.engine.spi;

/**
 * A place for one matrix of a pass: one row per token.
 *
 * <p>All numbers count values per token. A backend that keeps room for {@code n} tokens puts the
 * matrix at {@code offset * n}; row {@code r} then starts {@code r * stride} further on. Slots
 * whose ranges {@code offset .. offset + stride} overlap share memory and must not be alive
 * together.
 *
 * @param offset where the slot starts
 * @param width how many values a row has
 * @param stride the leading dimension: how far rows lie apart, at least {@code width}; the values
 *     in between may be overwritten by any operation that writes the slot
 */
public record Slot(int offset, int width, int stride) {

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
}
