package io.github.bunvec.tokenizer.pipeline;

import io.github.bunvec.tokenizer.trie.DoubleArray;
import io.github.bunvec.tokenizer.trie.DoubleArrayBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Builds a trie over the UTF-8 of a vocabulary. */
final class TokenTrie {

  private TokenTrie() {}

  /** Returns the trie; the empty token, which no text holds, is left out. */
  static DoubleArray of(Map<String, Integer> ids) {
    List<String> tokens = ids.keySet().stream().filter(token -> !token.isEmpty()).toList();
    byte[][] keys = tokens.stream().map(TokenTrie::bytes).toArray(byte[][]::new);
    int[] values = tokens.stream().mapToInt(ids::get).toArray();
    return new DoubleArray(DoubleArrayBuilder.build(keys, values));
  }

  /** Returns the UTF-8 of a text without unpaired surrogates. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
