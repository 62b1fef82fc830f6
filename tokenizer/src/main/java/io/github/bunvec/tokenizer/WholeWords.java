package io.github.bunvec.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Makes each word a token. */
final class WholeWords implements SubwordTokenizer {

  private final Vocabulary vocabulary;
  private final Map<String, Integer> addedIds;
  private final int unknownId;

  WholeWords(Vocabulary vocabulary, Map<String, Integer> addedIds, int unknownId) {
    this.vocabulary = vocabulary;
    this.addedIds = addedIds;
    this.unknownId = unknownId;
  }

  @Override
  public void append(byte[] text, int from, int to, IdList ids) {
    String word = new String(text, from, to - from, StandardCharsets.UTF_8);
    int id = addedIds.getOrDefault(word, vocabulary.id(word));
    ids.add(id < 0 ? unknownId : id);
  }
}
