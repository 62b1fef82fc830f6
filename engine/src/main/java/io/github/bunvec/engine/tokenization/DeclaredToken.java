package io.github.bunvec.engine.tokenization;

import io.github.bunvec.loader.JsonNode;
import io.github.bunvec.tokenizer.AddedToken;
import org.jspecify.annotations.Nullable;

/**
 * An added or special token as a file or a class declares it: the class AddedToken of Python.
 *
 * @param content the text
 * @param plainString whether it was given as a string, which has no flags
 * @param normalized null where nothing says so: then the opposite of special
 */
record DeclaredToken(
    String content,
    boolean plainString,
    boolean singleWord,
    boolean lstrip,
    boolean rstrip,
    @Nullable Boolean normalized,
    boolean special) {

  static DeclaredToken string(String content) {
    return new DeclaredToken(content, true, false, false, false, null, false);
  }

  /** A mask token of RoBERTa's kind, which takes the whitespace on its left with it. */
  static DeclaredToken mask(String content) {
    return new DeclaredToken(content, false, false, true, false, null, false);
  }

  /** Reads a string or the object form. */
  static DeclaredToken read(JsonNode json, boolean special) {
    if (json.isString()) {
      return string(json.string());
    }
    if (!json.isObject()) {
      throw json.wrong("a string or an object with 'content'");
    }
    JsonNode normalized = json.valueOf("normalized");
    return new DeclaredToken(
        json.required("content").string(),
        false,
        json.bool("single_word", false),
        json.bool("lstrip", false),
        json.bool("rstrip", false),
        normalized == null ? null : normalized.bool(),
        special || json.bool("special", false));
  }

  /** Returns the token as the tokenizers library takes it. */
  AddedToken asAdded(boolean asSpecial) {
    boolean isNormalized = normalized == null ? !asSpecial : normalized;
    return new AddedToken(content, singleWord, lstrip, rstrip, isNormalized, asSpecial);
  }
}
