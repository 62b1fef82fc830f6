package io.github.bunvec.tokenizer.pipeline;

import io.github.bunvec.tokenizer.trie.DoubleArray;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The greedy WordPiece: of a word the longest token it starts with, of the rest the longest token
 * written with a prefix before it, and so on; a word of which any place has none, or that is too
 * long, is unknown as a whole.
 */
public final class WordPiece implements SubwordModel {

  private final Map<String, Integer> ids;
  private final Map<Integer, String> tokens = new HashMap<>();
  private final DoubleArray trie;
  private final int continuation; // the trie's node of the prefix
  private final int unknownId;
  private final int maxCodePoints;
  private final int end;

  /**
   * Makes a model.
   *
   * @param vocabulary tokens to ids, which are not negative
   * @param unknown {@code unk_token}
   * @param prefix {@code continuing_subword_prefix}, may be empty
   * @param maxCodePoints {@code max_input_chars_per_word}
   * @throws IllegalArgumentException if the vocabulary lacks the unknown token or an id is negative
   */
  public WordPiece(
      Map<String, Integer> vocabulary, String unknown, String prefix, int maxCodePoints) {
    Integer unknownToken = vocabulary.get(unknown);
    if (unknownToken == null) {
      throw new IllegalArgumentException(
          "unk_token '" + unknown + "' is none of the " + vocabulary.size() + " tokens");
    }
    int greatest = -1;
    for (var entry : vocabulary.entrySet()) {
      if (entry.getValue() < 0) {
        throw new IllegalArgumentException(
            "token '" + entry.getKey() + "' has id " + entry.getValue() + ", expected 0 or more");
      }
      tokens.put(entry.getValue(), entry.getKey());
      greatest = Math.max(greatest, entry.getValue());
    }
    ids = Map.copyOf(vocabulary);
    unknownId = unknownToken;
    end = greatest + 1;
    this.maxCodePoints = maxCodePoints;
    trie = TokenTrie.of(ids);
    int node = trie.root();
    for (byte b : TokenTrie.bytes(prefix)) {
      node = node == DoubleArray.NO_NODE ? node : trie.child(node, b);
    }
    continuation = node;
  }

  @Override
  public void tokenize(String word, IntConsumer result) {
    if (word.length() > maxCodePoints && word.codePointCount(0, word.length()) > maxCodePoints) {
      result.accept(unknownId);
      return;
    }
    byte[] text = TokenTrie.bytes(word);
    int[] pieces = new int[text.length];
    int count = 0;
    int node = trie.root();
    int at = 0;
    while (at < text.length) {
      int id = DoubleArray.NO_VALUE;
      int tokenEnd = at;
      for (int i = at; i < text.length && node != DoubleArray.NO_NODE; i++) {
        node = trie.child(node, text[i]);
        int value = node == DoubleArray.NO_NODE ? DoubleArray.NO_VALUE : trie.value(node);
        if (value != DoubleArray.NO_VALUE) {
          id = value;
          tokenEnd = i + 1;
        }
      }
      if (id == DoubleArray.NO_VALUE) {
        result.accept(unknownId);
        return;
      }
      pieces[count++] = id;
      at = tokenEnd;
      node = continuation;
    }
    for (int i = 0; i < count; i++) {
      result.accept(pieces[i]);
    }
  }

  @Override
  public int id(String token) {
    return ids.getOrDefault(token, -1);
  }

  @Override
  public @Nullable String token(int id) {
    return tokens.get(id);
  }

  @Override
  public int size() {
    return ids.size();
  }

  @Override
  public int end() {
    return end;
  }
}
