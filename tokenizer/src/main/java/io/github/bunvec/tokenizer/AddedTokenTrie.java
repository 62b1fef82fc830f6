package io.github.bunvec.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a text at the added tokens in it: the leftmost first, of those the longest.
 *
 * <p>Follows class Trie of transformers 4.57.6 step by step, because the two differ from a plain
 * leftmost-longest search in one case: when a token is found, an earlier start that has just failed
 * at the current character is looked at once more, from the next character on. Added tokens "abc"
 * and "b" in the text "abdc" give the piece "abdc" and no token.
 */
final class AddedTokenTrie {

  private static final int END_OF_TEXT = -1;

  private static final class Node {
    final Map<Integer, Node> children = new HashMap<>();
    boolean isToken;

    @Nullable Node child(int codePoint) {
      return children.get(codePoint);
    }
  }

  private final Node root = new Node();
  private final String firsts;

  AddedTokenTrie(Collection<String> tokens) {
    StringBuilder units = new StringBuilder();
    for (String token : tokens) {
      Node node = root;
      for (int codePoint : token.codePoints().toArray()) {
        node = node.children.computeIfAbsent(codePoint, any -> new Node());
      }
      node.isToken = true;
      if (units.indexOf(token.substring(0, 1)) < 0) {
        units.append(token.charAt(0));
      }
    }
    firsts = units.toString();
  }

  /** Returns whether a text might hold a token: false for nearly all, at little cost. */
  boolean mayOccurIn(String text) {
    for (int i = 0; i < firsts.length(); i++) {
      if (text.indexOf(firsts.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Returns the pieces of a text, in order; together they are the text. */
  List<String> split(String text) {
    return new Search(text.codePoints().toArray()).split();
  }

  /**
   * One text being searched; a start is a place where a token may begin, with how far it matched.
   */
  private final class Search {
    private final int[] text; // [code points]
    private int count;
    private int[] starts = new int[8]; // [count], ascending
    private Node[] nodes = new Node[8]; // [count]
    private int skip;
    private int cutCount;
    private int[] cuts = new int[8]; // [cutCount]

    Search(int[] text) {
      this.text = text;
    }

    List<String> split() {
      for (int at = 0; at < text.length; at++) {
        if (at < skip) {
          continue;
        }
        if (advance(at)) {
          count = 0;
        }
        Node first = root.child(text[at]);
        if (at >= skip && first != null) {
          begin(at, first);
        }
      }
      for (int i = 0; i < count; i++) {
        if (nodes[i].isToken) {
          cut(starts[i], text.length);
          break;
        }
      }
      return pieces();
    }

    /** Takes every start on by one character; returns whether a token was found and cut. */
    private boolean advance(int at) {
      boolean[] failed = new boolean[count];
      for (int i = 0; i < count; i++) {
        if (nodes[i].isToken) {
          cutLongest(starts[i], at);
          return true;
        }
        Node child = nodes[i].child(text[at]);
        failed[i] = child == null;
        if (child != null) {
          nodes[i] = child;
        }
      }
      int kept = 0;
      for (int i = 0; i < count; i++) {
        if (!failed[i]) {
          starts[kept] = starts[i];
          nodes[kept++] = nodes[i];
        }
      }
      count = kept;
      return false;
    }

    /**
     * A token that began at {@code start} ended before {@code at}: looks for an earlier or longer.
     */
    private void cutLongest(int start, int at) {
      int found = start;
      int end = at;
      for (int i = 0; i < count && starts[i] <= found; i++) {
        // Starts before the one found have been taken on already, also when that failed.
        int ahead = starts[i] < found ? at + 1 : at;
        end = ahead;
        Node node = nodes[i];
        while (true) {
          if (node.isToken) {
            found = starts[i];
            end = ahead;
            skip = ahead;
          }
          Node child = node.child(ahead < text.length ? text[ahead] : END_OF_TEXT);
          if (child == null) {
            break;
          }
          node = child;
          ahead++;
        }
      }
      cut(found, end);
    }

    private void begin(int start, Node node) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, 2 * count);
        nodes = Arrays.copyOf(nodes, 2 * count);
      }
      starts[count] = start;
      nodes[count++] = node;
    }

    private void cut(int from, int to) {
      if (cutCount + 2 > cuts.length) {
        cuts = Arrays.copyOf(cuts, 2 * cuts.length);
      }
      cuts[cutCount++] = from;
      cuts[cutCount++] = to;
    }

    private List<String> pieces() {
      List<String> pieces = new ArrayList<>();
      int start = 0;
      for (int i = 0; i <= cutCount; i++) {
        int end = i < cutCount ? cuts[i] : text.length;
        if (end > start) {
          pieces.add(new String(text, start, end - start));
          start = end;
        }
      }
      return pieces;
    }
  }
}
