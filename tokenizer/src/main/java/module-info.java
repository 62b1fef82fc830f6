/** Text to token ids. Knows vocabularies and dictionaries, no model files and no JSON. */
@org.jspecify.annotations.NullMarked
module io.github.bunvec.tokenizer {
  requires static transitive org.jspecify;

  exports io.github.bunvec.tokenizer;
  exports io.github.bunvec.tokenizer.ipadic;
  exports io.github.bunvec.tokenizer.mecab;
  exports io.github.bunvec.tokenizer.pipeline;
  exports io.github.bunvec.tokenizer.sentencepiece;
}
