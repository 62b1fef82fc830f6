package io.github.bunvec.tokenizer;

/** Cuts a word into tokens; immutable. */
interface SubwordTokenizer {

  /**
   * Appends the ids of a word's tokens.
   *
   * @param text UTF-8 that holds the word
   * @param from where the word starts
   * @param to where it ends, exclusive
   * @param ids the list to append to
   */
  void append(byte[] text, int from, int to, IdList ids);
}
