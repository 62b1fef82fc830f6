package io.github.bunvec.engine.cpu.emit;

/**
 * Where emitted functions find their numbers: offsets in a block of longs, {@link #BYTES} long.
 *
 * <p>Lengths are in bytes, so that the code need not scale them.
 */
final class Arguments {

  /** Rows of A and C. */
  static final int ROWS = 0;

  /** Steps along K: pairs for the dot product, 32 values for tiles. */
  static final int STEPS = 8;

  /** From a row of A to the next. */
  static final int LDA = 16;

  /** From a row of C, or of what is converted, to the next. */
  static final int LDC = 24;

  /** From the start of the heap's array to what is read or written there. */
  static final int OFFSET = 32;

  /** Address of the panel's bias. */
  static final int BIAS = 40;

  /** Address of what to prefetch. */
  static final int PREFETCH = 48;

  /** Which elements of the last 16 + 16 are there, one bit each. */
  static final int MASK = 56;

  /** The tiles' configuration for whole blocks of rows, and for the last rows. */
  static final int TILES = 64;

  static final int LAST_TILES = 128;

  static final int BYTES = 192;

  private Arguments() {}
}
