package io.github.bunvec.tokenizer.pipeline;

import io.github.bunvec.tokenizer.trie.DoubleArray;
import io.github.bunvec.tokenizer.trie.DoubleArrayBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Builds a trie over the UTF-8 of a vocabulary. */
final class TokenTrie {

  private record Entry(byte[] key, int id) {}

  private TokenTrie() {}

  /** Returns the trie; the empty token, which no text holds, is left out. */
  static DoubleArray of(Map<String, Integer> ids) {
    Entry[] entries =
        ids.entrySet().stream()
            .filter(entry -> !entry.getKey().isEmpty())
            .map(entry -> new Entry(bytes(entry.getKey()), entry.getValue()))
            .toArray(Entry[]::new);
    Arrays.parallelSort(entries, (a, b) -> Arrays.compareUnsigned(a.key, b.key));
    byte[][] keys = Arrays.stream(entries).map(Entry::key).toArray(byte[][]::new);
    int[] values = Arrays.stream(entries).mapToInt(Entry::id).toArray();
    return new DoubleArray(DoubleArrayBuilder.build(keys, values));
  }

  /** Returns the UTF-8 of a text without unpaired surrogates. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
