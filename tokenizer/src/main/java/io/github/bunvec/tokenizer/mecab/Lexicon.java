package io.github.bunvec.tokenizer.mecab;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The words of sys.dic, unk.dic or a user dictionary: a trie from byte strings to runs of tokens.
 *
 * <p>Format (MeCab 0.996, little-endian): ten u32 (magic, version, type, words, left size, right
 * size, trie bytes, token bytes, feature bytes, 0), charset in 32 bytes, then the trie, the tokens
 * and the features. A trie unit is (i32 base, u32 check), see {@link
 * io.github.bunvec.tokenizer.trie.DoubleArrayBuilder}; its value is first token * 256 + number of
 * tokens. A token is (u16 left id, u16 right id, u16 part of speech, i16 cost, u32 feature, u32
 * compound). Features are not read.
 *
 * <p>Only header and sizes are checked when a lexicon is opened: to look at all of UniDic's 50 MB
 * of units and tokens takes longer than a short command. A damaged unit or token is told when a
 * text leads to it; every access is bounds-checked by its segment, and a walk down the trie takes a
 * byte of the text at each step.
 */
final class Lexicon {

  static final int MAGIC = 0xEF718F77;
  static final int VERSION = 102;
  static final int TYPE_SYSTEM = 0;
  static final int TYPE_USER = 1;
  static final int TYPE_UNKNOWN = 2;
  static final int HEADER_BYTES = 72;
  static final int CHARSET_OFFSET = 40;
  static final int CHARSET_BYTES = 32;
  static final int UNIT_BYTES = 8;
  static final int TOKEN_BYTES = 16;

  /** The greatest number of prefixes of one text that are looked at, MeCab's own limit. */
  static final int MAX_PREFIXES = 512;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String name;
  private final int leftSize;
  private final int rightSize;
  private final MemorySegment trie; // [units] of base | check << 32
  private final int unitCount;
  private final MemorySegment tokens; // [tokens, 16 bytes]
  private final int tokenCount;

  /**
   * Reads a lexicon.
   *
   * @throws DictionaryException if the bytes are not a lexicon of that type
   */
  Lexicon(String name, MemorySegment bytes, int type) {
    this.name = name;
    checkHeader(bytes, type);
    leftSize = bytes.get(INT, 16);
    rightSize = bytes.get(INT, 20);
    long trieBytes = unsigned(bytes, 24);
    long tokenBytes = unsigned(bytes, 28);
    long featureBytes = unsigned(bytes, 32);
    long expected = HEADER_BYTES + trieBytes + tokenBytes + featureBytes;
    if (bytes.byteSize() != expected) {
      throw error(
          "has %d bytes, its header says %d (trie %d, tokens %d, features %d)"
              .formatted(bytes.byteSize(), expected, trieBytes, tokenBytes, featureBytes));
    }
    if (trieBytes == 0 || trieBytes % UNIT_BYTES != 0 || tokenBytes % TOKEN_BYTES != 0) {
      throw error(
          "has a trie of %d bytes and tokens of %d bytes; expected multiples of %d and %d"
              .formatted(trieBytes, tokenBytes, UNIT_BYTES, TOKEN_BYTES));
    }
    trie = bytes.asSlice(HEADER_BYTES, trieBytes);
    unitCount = (int) (trieBytes / UNIT_BYTES);
    tokens = bytes.asSlice(HEADER_BYTES + trieBytes, tokenBytes);
    tokenCount = (int) (tokenBytes / TOKEN_BYTES);
  }

  private void checkHeader(MemorySegment bytes, int type) {
    long size = bytes.byteSize();
    if (size < HEADER_BYTES) {
      throw error("has %d bytes, a header has %d".formatted(size, HEADER_BYTES));
    }
    long magicSize = Integer.toUnsignedLong(bytes.get(INT, 0) ^ MAGIC);
    if (magicSize != size) {
      throw error(
          "is no MeCab dictionary or was cut: its magic number stands for %d bytes, it has %d"
              .formatted(magicSize, size));
    }
    if (bytes.get(INT, 4) != VERSION) {
      throw error(
          "has format version %d, expected %d; rebuild it with MeCab 0.996"
              .formatted(unsigned(bytes, 4), VERSION));
    }
    if (bytes.get(INT, 8) != type) {
      throw error(
          "has dictionary type %d, expected %d (0 system, 1 user, 2 unknown words)"
              .formatted(unsigned(bytes, 8), type));
    }
    byte[] charset = bytes.asSlice(CHARSET_OFFSET, CHARSET_BYTES).toArray(ValueLayout.JAVA_BYTE);
    String written = new String(charset, StandardCharsets.ISO_8859_1).replaceFirst("\0.*", "");
    String plain = written.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    if (!plain.equals("utf8")) {
      throw error(
          "has charset '%s', expected UTF-8; rebuild it with mecab-dict-index -t utf-8"
              .formatted(written));
    }
  }

  private DictionaryException error(String what) {
    return new DictionaryException(name + ": " + what);
  }

  private DictionaryException error(String what, Throwable cause) {
    return new DictionaryException(name + ": " + what, cause);
  }

  private static long unsigned(MemorySegment bytes, long offset) {
    return Integer.toUnsignedLong(bytes.get(INT, offset));
  }

  String name() {
    return name;
  }

  int leftSize() {
    return leftSize;
  }

  int rightSize() {
    return rightSize;
  }

  /**
   * Finds every word that text[from, to) starts with, shortest first.
   *
   * @param found receives per word: its length in bytes, its value
   * @return the number of words, at most found.length / 2
   * @throws DictionaryException if a unit on the way is damaged
   */
  int prefixes(byte[] text, int from, int to, int[] found) {
    try {
      return walk(text, from, to, found);
    } catch (IndexOutOfBoundsException e) {
      throw error(
          "has a damaged trie: a unit points outside of its %d units; get the file anew"
              .formatted(unitCount),
          e);
    }
  }

  private int walk(byte[] text, int from, int to, int[] found) {
    int count = 0;
    int node = (int) unit(0);
    for (int i = from; ; i++) {
      long end = unit(node);
      if ((int) (end >>> 32) == node && (int) end < 0 && i > from) {
        found[count++] = i - from;
        found[count++] = -(int) end - 1;
        if (count == found.length) {
          break;
        }
      }
      if (i == to) {
        break;
      }
      int child = node + (text[i] & 0xFF) + 1;
      if (child >= unitCount) {
        break;
      }
      long unit = unit(child);
      if ((int) (unit >>> 32) != node) {
        break;
      }
      node = (int) unit;
    }
    return count / 2;
  }

  /** Returns the templates of a category's unknown words, packed as by {@link #token}. */
  long[] tokens(String category) {
    byte[] word = category.getBytes(StandardCharsets.UTF_8);
    int[] found = new int[2 * MAX_PREFIXES];
    int count = prefixes(word, 0, word.length, found);
    if (count == 0 || found[2 * count - 2] != word.length) {
      throw error("has no entry for the category %s of char.bin".formatted(category));
    }
    int value = found[2 * count - 1];
    long[] read = new long[tokenCount(value)];
    for (int i = 0; i < read.length; i++) {
      read[i] = token(firstToken(value) + i);
    }
    return read;
  }

  static int firstToken(int value) {
    return value >>> 8;
  }

  static int tokenCount(int value) {
    return value & 0xFF;
  }

  /**
   * Returns the ids and the cost of a token, to be taken apart by the three methods below.
   *
   * @throws DictionaryException if there is no such token or its ids are beyond the matrix
   */
  long token(int index) {
    if (index >= tokenCount) {
      throw error(
          "has a trie value for token %d, there are %d tokens; get the file anew"
              .formatted(index, tokenCount));
    }
    long token = tokens.get(LONG, (long) index * TOKEN_BYTES);
    // A word's left id counts on the right side of the matrix, and the other way round.
    if (leftId(token) >= rightSize || rightId(token) >= leftSize) {
      throw error(
          "has a token %d with left id %d and right id %d; the header allows %d and %d"
              .formatted(index, leftId(token), rightId(token), rightSize - 1, leftSize - 1));
    }
    return token;
  }

  static int leftId(long token) {
    return (int) token & 0xFFFF;
  }

  static int rightId(long token) {
    return (int) token >>> 16;
  }

  static int cost(long token) {
    return (short) (token >>> 48);
  }

  private long unit(int index) {
    return trie.get(LONG, (long) index * UNIT_BYTES);
  }
}
