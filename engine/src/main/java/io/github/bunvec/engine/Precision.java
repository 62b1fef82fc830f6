package io.github.bunvec.engine;

import java.util.Locale;

/** How the values of a vector are kept; the names of sentence-transformers. */
public enum Precision {
  /** As they are: 4 bytes a value. */
  FLOAT32,
  /** One of 256 steps of the value's range, from -128: 1 byte a value. */
  INT8,
  /** One of 256 steps of the value's range, from 0: 1 byte a value. */
  UINT8,
  /** Whether the value is above 0: 1 bit a value, 128 less than {@link #UBINARY}. */
  BINARY,
  /** Whether the value is above 0: 1 bit a value, the first in the highest bit of a byte. */
  UBINARY;

  /**
   * Returns whether a {@link Quantization} needs the ranges of the values.
   *
   * @return true for INT8 and UINT8
   */
  public boolean needsRanges() {
    return this == INT8 || this == UINT8;
  }

  /**
   * Returns the name in sentence-transformers.
   *
   * @return for example {@code int8}
   */
  public String precisionName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
