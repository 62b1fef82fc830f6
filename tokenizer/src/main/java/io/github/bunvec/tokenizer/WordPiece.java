package io.github.bunvec.tokenizer;

import io.github.bunvec.tokenizer.trie.DoubleArray;

/**
 * BERT's greedy WordPiece: of a word the longest token it starts with, of the rest the longest
 * token written with ## before it, and so on; a word of which any place has none is unknown as a
 * whole.
 *
 * <p>One trie serves both: the tokens that may continue a word lie below its node for "##". UTF-8
 * matches end at characters because both sides are UTF-8.
 */
final class WordPiece implements SubwordTokenizer {

  /** Longer words are unknown, counted in code points. */
  private static final int MAX_CODE_POINTS = 100;

  private final DoubleArray trie;
  private final int continuation;
  private final int unknownId;

  WordPiece(DoubleArray trie, int unknownId) {
    this.trie = trie;
    this.unknownId = unknownId;
    int hash = trie.child(trie.root(), (byte) '#');
    continuation = hash == DoubleArray.NO_NODE ? DoubleArray.NO_NODE : trie.child(hash, (byte) '#');
  }

  /** Appends a word, which whitespace may yet cut into several or leave nothing of. */
  @Override
  public void append(byte[] text, int from, int to, IdList ids) {
    int start = from;
    int codePoints = 0;
    int at = from;
    while (at < to) {
      int blank = Whitespace.byteLength(text, at, to);
      if (blank > 0) {
        appendWord(text, start, at, codePoints, ids);
        at += blank;
        start = at;
        codePoints = 0;
      } else {
        // Count lead bytes: one for each code point.
        codePoints += (text[at] & 0xC0) == 0x80 ? 0 : 1;
        at++;
      }
    }
    appendWord(text, start, to, codePoints, ids);
  }

  private void appendWord(byte[] text, int from, int to, int codePoints, IdList ids) {
    if (codePoints > MAX_CODE_POINTS) {
      ids.add(unknownId);
      return;
    }
    int before = ids.size();
    int first = trie.root();
    int at = from;
    while (at < to) {
      int end = at;
      int id = DoubleArray.NO_VALUE;
      int node = first;
      for (int i = at; i < to && node != DoubleArray.NO_NODE; i++) {
        node = trie.child(node, text[i]);
        int value = node == DoubleArray.NO_NODE ? DoubleArray.NO_VALUE : trie.value(node);
        if (value != DoubleArray.NO_VALUE) {
          id = value;
          end = i + 1;
        }
      }
      if (id == DoubleArray.NO_VALUE) {
        ids.truncate(before);
        ids.add(unknownId);
        return;
      }
      ids.add(id);
      at = end;
      first = continuation;
    }
  }
}
