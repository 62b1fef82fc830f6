package io.github.bunvec.tokenizer;

import io.github.bunvec.tokenizer.trie.DoubleArray;
import java.nio.charset.StandardCharsets;

/** Makes each code point of a word a token, after NFKC. */
final class Characters implements SubwordTokenizer {

  private final DoubleArray trie;
  private final int unknownId;

  Characters(DoubleArray trie, int unknownId) {
    this.trie = trie;
    this.unknownId = unknownId;
  }

  @Override
  public void append(byte[] text, int from, int to, IdList ids) {
    // The word may have been lower-cased since it was normalised, or never been.
    String word = CompatibilityForm.of(new String(text, from, to - from, StandardCharsets.UTF_8));
    Utf8Text normalized = new Utf8Text();
    normalized.set(word);
    byte[] bytes = normalized.bytes();
    int start = 0;
    for (int at = 1; at <= normalized.length(); at++) {
      if (at == normalized.length() || (bytes[at] & 0xC0) != 0x80) {
        int id = trie.lookup(bytes, start, at);
        ids.add(id == DoubleArray.NO_VALUE ? unknownId : id);
        start = at;
      }
    }
  }
}
