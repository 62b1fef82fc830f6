package io.github.bunvec.engine;

import java.util.Locale;

/**
 * Whose habits texts are prepared by: the two Python libraries give one directory's model different
 * texts.
 */
public enum Profile {
  /** {@code transformers}: the text as it is, cut at the tokenizer's {@code model_max_length}. */
  TRANSFORMERS,
  /**
   * {@code sentence-transformers} (up to 5.3): white space at the ends removed, lower-cased if
   * sentence_bert_config.json says so, cut at its {@code max_seq_length}.
   */
  SENTENCE_TRANSFORMERS;

  /**
   * Returns the library's name.
   *
   * @return {@code transformers} or {@code sentence-transformers}
   */
  public String libraryName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
