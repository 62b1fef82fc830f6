package io.github.bunvec.tokenizer.sentencepiece;

import io.github.bunvec.tokenizer.trie.DoubleArray;
import java.util.Arrays;

/**
 * SentencePiece's normaliser: replaces by rules, tidies spaces and writes them as U+2581. Holds the
 * memory of one text; not safe for concurrent use.
 */
final class TextNormalizer {

  /** The library looks at no more user-defined symbols that begin at one place, shortest first. */
  private static final int MAX_SYMBOLS = 64;

  private static final byte[] ESCAPED_SPACE = {(byte) 0xE2, (byte) 0x96, (byte) 0x81};
  private static final byte[] SPACE = {' '};

  private final PrecompiledCharsmap charsmap;
  private final PieceTable pieces;
  private final boolean removeExtra;
  private final boolean prefix;
  private final boolean suffix;
  private final byte[] space;
  private final boolean[] copied = new boolean[256]; // [first byte] nothing can apply there

  private byte[] out = new byte[256];
  private int length;

  // The last prefix looked at: what stands for it, and how much of the text it takes.
  private byte[] source = out;
  private int sourceStart;
  private int sourceEnd;
  private int consumed;

  TextNormalizer(SentencePieceModel model) {
    charsmap = model.charsmap();
    pieces = model.table();
    removeExtra = model.removeExtraWhitespaces();
    prefix = model.addDummyPrefix() && !model.treatWhitespaceAsSuffix();
    suffix = model.addDummyPrefix() && model.treatWhitespaceAsSuffix();
    space = model.escapeWhitespaces() ? ESCAPED_SPACE : SPACE;
    DoubleArray symbols = pieces.userDefined;
    for (int b = 0; b < copied.length; b++) {
      copied[b] =
          b != ' '
              && !charsmap.hasRuleFor((byte) b)
              && symbols.child(symbols.root(), (byte) b) == DoubleArray.NO_NODE;
    }
  }

  byte[] bytes() {
    return out;
  }

  int length() {
    return length;
  }

  long retainedBytes() {
    return out.length;
  }

  /** Normalises the UTF-8 text from..to-1. */
  void normalize(byte[] text, int from, int to) {
    length = 0;
    int at = removeExtra ? skipSpaces(text, from, to) : from;
    if (at == to) {
      return;
    }
    if (prefix) {
      appendSpace();
    }
    boolean afterSpace = removeExtra;
    while (at < to) {
      int end = plainEnd(text, at, to);
      if (end > at) {
        appendPlain(text, at, end);
        afterSpace = false;
        at = end;
        continue;
      }
      takePrefix(text, at, to);
      at += consumed;
      while (afterSpace && sourceStart < sourceEnd && source[sourceStart] == ' ') {
        sourceStart++;
      }
      if (sourceStart < sourceEnd) {
        appendSource();
        afterSpace = removeExtra && source[sourceEnd - 1] == ' ';
      }
    }
    if (removeExtra) {
      dropTrailingSpaces();
    }
    if (suffix) {
      appendSpace();
    }
  }

  private int skipSpaces(byte[] text, int from, int to) {
    int at = from;
    while (at < to) {
      takePrefix(text, at, to);
      if (sourceEnd - sourceStart != 1 || source[sourceStart] != ' ') {
        break;
      }
      at += consumed;
    }
    return at;
  }

  /** Returns where a run of characters that stay as they are ends. */
  private int plainEnd(byte[] text, int from, int to) {
    int at = from;
    while (at < to && copied[text[at] & 0xFF]) {
      at += Utf8.length(text[at]);
    }
    return Math.min(at, to);
  }

  /** Looks at the text's beginning: a user-defined symbol, else a rule, else one character. */
  private void takePrefix(byte[] text, int from, int to) {
    int symbol = pieces.anyUserDefined ? symbolLength(text, from, to) : 0;
    long match = symbol > 0 ? PrecompiledCharsmap.NO_MATCH : charsmap.longestMatch(text, from, to);
    if (match != PrecompiledCharsmap.NO_MATCH) {
      source = charsmap.replacements();
      sourceStart = PrecompiledCharsmap.replacementStart(match);
      sourceEnd = charsmap.replacementEnd(match);
      consumed = PrecompiledCharsmap.length(match);
    } else {
      source = text;
      sourceStart = from;
      consumed = symbol > 0 ? symbol : Math.min(Utf8.length(text[from]), to - from);
      sourceEnd = from + consumed;
    }
  }

  private int symbolLength(byte[] text, int from, int to) {
    int found = 0;
    int left = MAX_SYMBOLS;
    int node = pieces.userDefined.root();
    for (int i = from; i < to && left > 0; i++) {
      node = pieces.userDefined.child(node, text[i]);
      if (node == DoubleArray.NO_NODE) {
        break;
      }
      if (pieces.userDefined.value(node) != DoubleArray.NO_VALUE) {
        found = i + 1 - from;
        left--;
      }
    }
    return found;
  }

  private void appendPlain(byte[] text, int from, int to) {
    reserve(to - from);
    System.arraycopy(text, from, out, length, to - from);
    length += to - from;
  }

  private void appendSource() {
    reserve(Math.multiplyExact(space.length, sourceEnd - sourceStart));
    for (int i = sourceStart; i < sourceEnd; i++) {
      if (source[i] == ' ') {
        appendSpace();
      } else {
        out[length++] = source[i];
      }
    }
  }

  private void appendSpace() {
    reserve(space.length);
    for (byte b : space) {
      out[length++] = b;
    }
  }

  private void dropTrailingSpaces() {
    int size = space.length;
    while (length >= size && Arrays.equals(out, length - size, length, space, 0, size)) {
      length -= size;
    }
  }

  private void reserve(int count) {
    int needed = Math.addExact(length, count);
    if (needed > out.length) {
      out = Arrays.copyOf(out, Math.max(needed, (int) Math.min(2L * out.length, 1 << 30)));
    }
  }
}
