package io.github.bunvec.engine;

/** What happens to a text with more tokens than the model takes. */
public enum TruncationPolicy {
  /** The text is cut; the result says so. */
  TRUNCATE,
  /** The call fails with {@link TextTooLongException}. */
  ERROR
}
