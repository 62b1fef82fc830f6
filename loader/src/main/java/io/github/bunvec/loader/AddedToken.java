package io.github.bunvec.loader;

import org.jspecify.annotations.Nullable;

/**
 * A token that is found in the raw text before anything else looks at it.
 *
 * @param content the text
 * @param id the id that the files give, or null: its line in the vocabulary, else the next free id
 * @param lstrip whether it swallows white space before it
 * @param rstrip whether it swallows white space after it
 * @param singleWord whether it counts only when it stands alone as a word
 * @param normalized whether it is also looked for in normalised text (fast tokenizers only)
 * @param special whether it is a special token
 */
public record AddedToken(
    String content,
    @Nullable Integer id,
    boolean lstrip,
    boolean rstrip,
    boolean singleWord,
    boolean normalized,
    boolean special) {

  /** A special token that a file gives as a plain string. */
  static AddedToken special(String content) {
    return new AddedToken(content, null, false, false, false, false, true);
  }

  /** A mask token that a file gives as a plain string, for classes that take it with its blanks. */
  static AddedToken mask(String content) {
    return new AddedToken(content, null, true, false, false, true, true);
  }

  /**
   * Reads the object form.
   *
   * @param special the value of an absent {@code special}; an absent {@code normalized} is its
   *     opposite [tokenizers, AddedToken]
   */
  static AddedToken from(JsonNode json, boolean special) {
    boolean isSpecial = json.bool("special", special);
    return new AddedToken(
        json.required("content").string(),
        null,
        json.bool("lstrip", false),
        json.bool("rstrip", false),
        json.bool("single_word", false),
        json.bool("normalized", !isSpecial),
        isSpecial);
  }

  AddedToken withId(@Nullable Integer newId) {
    return new AddedToken(content, newId, lstrip, rstrip, singleWord, normalized, special);
  }

  AddedToken asSpecial() {
    return new AddedToken(content, id, lstrip, rstrip, singleWord, normalized, true);
  }
}
