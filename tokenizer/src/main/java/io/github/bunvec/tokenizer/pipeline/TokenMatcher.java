package io.github.bunvec.tokenizer.pipeline;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds tokens in a text: the leftmost, of those the longest. Linear in text times token length.
 */
final class TokenMatcher {

  private static final class Node {
    final Map<Character, Node> children = new HashMap<>();
    int id = NONE;
  }

  /** The id where there is no token. */
  static final int NONE = -1;

  private final Node root = new Node();
  private final BitSet firsts = new BitSet();

  /** Adds a token; of equal ones the first stays. */
  void add(String token, int id) {
    Node node = root;
    for (int i = 0; i < token.length(); i++) {
      node = node.children.computeIfAbsent(token.charAt(i), any -> new Node());
    }
    if (node.id == NONE) {
      node.id = id;
    }
    firsts.set(token.charAt(0));
  }

  /** Returns where the next token starts, or the text's length. */
  int next(String text, int from) {
    int at = from;
    while (at < text.length() && !(firsts.get(text.charAt(at)) && longest(text, at) != null)) {
      at++;
    }
    return at;
  }

  /** The longest token at a place. */
  record Match(int end, int id) {}

  @Nullable Match longest(String text, int start) {
    Match found = null;
    Node node = root;
    for (int i = start; i < text.length(); i++) {
      node = node.children.get(text.charAt(i));
      if (node == null) {
        break;
      }
      if (node.id != NONE) {
        found = new Match(i + 1, node.id);
      }
    }
    return found;
  }
}
