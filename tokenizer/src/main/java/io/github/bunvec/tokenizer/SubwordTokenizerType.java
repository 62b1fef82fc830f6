package io.github.bunvec.tokenizer;

/** The ways to cut words into tokens that BertJapaneseTokenizer has; subword_tokenizer_type. */
public enum SubwordTokenizerType {
  /** The longest tokens of the vocabulary, from the left. */
  WORDPIECE,
  /** Single characters. */
  CHARACTER,
  /** A SentencePiece model. */
  SENTENCEPIECE
}
