package io.github.bunvec.engine;

import java.io.Serial;

/** A text has more tokens than the model takes, under {@link TruncationPolicy#ERROR}. */
public final class TextTooLongException extends IllegalArgumentException {

  @Serial private static final long serialVersionUID = 1L;

  private final int index;
  private final int tokens;
  private final int maxLength;

  TextTooLongException(int index, int tokens, int maxLength) {
    super(
        "text %d has %d tokens, the limit is %d; shorten it or use TruncationPolicy.TRUNCATE"
            .formatted(index, tokens, maxLength));
    this.index = index;
    this.tokens = tokens;
    this.maxLength = maxLength;
  }

  /**
   * Returns which text it is.
   *
   * @return its index in the list, 0 for a single text
   */
  public int index() {
    return index;
  }

  /**
   * Returns how long the text is.
   *
   * @return its number of tokens, special tokens included
   */
  public int tokens() {
    return tokens;
  }

  /**
   * Returns how long it may be.
   *
   * @return the limit in tokens, special tokens included
   */
  public int maxLength() {
    return maxLength;
  }
}
