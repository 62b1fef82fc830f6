package io.github.bunvec.tokenizer;

/**
 * The token ids of one text, special tokens included.
 *
 * @param ids the ids, cut to the maximum length asked for; never empty, owned by the receiver
 * @param lengthBeforeTruncation how many ids the whole text has, special tokens included
 */
public record Encoding(int[] ids, int lengthBeforeTruncation) {

  /**
   * Returns whether text was cut off.
   *
   * @return true when the whole text has more ids than {@link #ids}
   */
  public boolean truncated() {
    return ids.length < lengthBeforeTruncation;
  }
}
