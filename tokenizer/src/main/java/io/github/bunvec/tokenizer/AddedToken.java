package io.github.bunvec.tokenizer;

/**
 * A token that is found in the text as it is written, before words are cut.
 *
 * @param content the text it stands for; not empty
 * @param singleWord whether it counts only between spaces (or the text's ends)
 * @param lstrip whether it takes the whitespace on its left with it
 * @param rstrip whether it takes the whitespace on its right with it
 * @param normalized whether, not being special, it is kept from lower-casing
 * @param special whether it is special, as [SEP] is
 */
public record AddedToken(
    String content,
    boolean singleWord,
    boolean lstrip,
    boolean rstrip,
    boolean normalized,
    boolean special) {

  /**
   * Checks the content.
   *
   * @throws IllegalArgumentException if it is empty
   */
  public AddedToken {
    if (content.isEmpty()) {
      throw new IllegalArgumentException("an added token is empty; it could never be found");
    }
  }

  /**
   * Returns a special token with no other flag set.
   *
   * @param content the text it stands for
   * @return the token
   */
  public static AddedToken special(String content) {
    return new AddedToken(content, false, false, false, false, true);
  }

  /**
   * Returns a token that is not special, as one without flags in a model's files.
   *
   * @param content the text it stands for
   * @return the token
   */
  public static AddedToken plain(String content) {
    return new AddedToken(content, false, false, false, true, false);
  }
}
