package io.github.bunvec.kernels.cuda;

/**
 * A size that batches are rounded up to: what was recorded for it serves every batch that fits.
 *
 * @param tokens rows of tokens there is room for
 * @param sequences sequences there is room for
 */
record Bucket(int tokens, int sequences) {

  /** The smallest: an attention tile, and what matrix units take at least. */
  static final int LEAST_TOKENS = 16;

  /**
   * Returns the one for a batch: tokens in steps of a half and a third of a power of two, so that
   * at most a third of the rows is for nothing; sequences in powers of two.
   */
  static Bucket of(int tokens, int sequences) {
    if (tokens < 1 || sequences < 1 || sequences > tokens) {
      throw new IllegalArgumentException(
          "a batch of %d tokens and %d sequences".formatted(tokens, sequences));
    }
    int most = Math.max(LEAST_TOKENS, powerOfTwo(tokens));
    int three = most / 4 * 3;
    return new Bucket(
        three >= LEAST_TOKENS && tokens <= three ? three : most, powerOfTwo(sequences));
  }

  private static int powerOfTwo(int least) {
    return least == 1 ? 1 : Integer.highestOneBit(least - 1) << 1;
  }
}
