package io.github.bunvec.tokenizer;

/** The ways to cut text into words that BertJapaneseTokenizer has; word_tokenizer_type. */
public enum WordTokenizerType {
  /** At whitespace and punctuation. */
  BASIC,
  /** MeCab with a dictionary. */
  MECAB,
  /** Sudachi. */
  SUDACHI,
  /** Juman++. */
  JUMANPP
}
