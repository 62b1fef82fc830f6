package io.github.bunvec.tokenizer.sentencepiece;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The rules of a SentencePiece normaliser: what begins of a text are replaced by what; immutable.
 *
 * <p>The format is that of {@code precompiled_charsmap}: the number of bytes of a trie as a
 * little-endian int, the trie as darts-clone lays it out, and the replacements as UTF-8 strings
 * that end with a zero byte. A unit of the trie holds its label, an offset and a flag whether a key
 * ends there; the value of a key is where its replacement begins. A match is returned as a long,
 * which holds its length and its replacement, so that looking up allocates nothing.
 */
public final class PrecompiledCharsmap {

  /** What a look-up returns when no rule applies. */
  public static final long NO_MATCH = 0;

  /** The library collects no more matches than this, shortest first. */
  private static final int MAX_MATCHES = 32;

  private static final int LEAF = 1 << 31;
  private static final int LABEL = LEAF | 0xFF;
  private static final int BLOCK_BYTES = 1024;

  private final int[] units;
  private final int root;
  private final byte[] replacements;

  private PrecompiledCharsmap(int[] units, byte[] replacements) {
    this.units = units;
    this.replacements = replacements;
    root = units.length == 0 ? 0 : offset(units[0]);
  }

  /**
   * Reads rules.
   *
   * @param charsmap the bytes of {@code precompiled_charsmap}; empty for no rules
   * @return the rules
   * @throws SentencePieceException if the bytes are not such rules
   */
  public static PrecompiledCharsmap of(byte[] charsmap) {
    if (charsmap.length == 0) {
      return new PrecompiledCharsmap(new int[0], charsmap);
    }
    if (charsmap.length <= Integer.BYTES) {
      throw new SentencePieceException(
          "precompiled_charsmap has %d bytes, fewer than its header".formatted(charsmap.length));
    }
    ByteBuffer in = ByteBuffer.wrap(charsmap).order(ByteOrder.LITTLE_ENDIAN);
    long trieBytes = in.getInt() & 0xFFFF_FFFFL;
    if (trieBytes < BLOCK_BYTES || trieBytes % BLOCK_BYTES != 0 || trieBytes >= in.remaining()) {
      throw new SentencePieceException(
          "precompiled_charsmap has %d bytes and says that its trie has %d, expected a multiple of %d below that"
              .formatted(charsmap.length, trieBytes, BLOCK_BYTES));
    }
    int[] units = new int[(int) trieBytes / Integer.BYTES];
    in.asIntBuffer().get(units);
    byte[] replacements = new byte[in.remaining() - (int) trieBytes];
    in.position(in.position() + (int) trieBytes).get(replacements);
    if (replacements[replacements.length - 1] != 0) {
      throw new SentencePieceException(
          "precompiled_charsmap does not end with a zero byte, as its last replacement should");
    }
    check(units, replacements.length);
    return new PrecompiledCharsmap(units, replacements);
  }

  /** Checks that no text can lead out of the trie or the replacements. */
  private static void check(int[] units, int replacementBytes) {
    boolean whole =
        (units[0] & LABEL) == 0 && !hasLeaf(units[0]) && offset(units[0]) != 0 && fits(units, 0);
    for (int i = 1; i < units.length && whole; i++) {
      if (units[i] < 0) {
        whole = (units[i] & ~LEAF) < replacementBytes;
      } else {
        whole = fits(units, i) && (!hasLeaf(units[i]) || units[i ^ offset(units[i])] < 0);
      }
    }
    if (!whole) {
      throw new SentencePieceException(
          "precompiled_charsmap holds a trie that leads out of itself");
    }
  }

  private static boolean fits(int[] units, int i) {
    return ((i ^ offset(units[i])) | 0xFF) < units.length;
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & 0x200) >>> 6);
  }

  private static boolean hasLeaf(int unit) {
    return (unit & 0x100) != 0;
  }

  /**
   * Finds the longest rule a text begins with, as SentencePiece does.
   *
   * @param text UTF-8 that holds the text
   * @param from where the text begins
   * @param to where it ends, exclusive
   * @return the match, or {@link #NO_MATCH}
   */
  public long longestMatch(byte[] text, int from, int to) {
    return match(text, from, to, MAX_MATCHES);
  }

  /**
   * Finds the shortest rule a text begins with, as the normaliser {@code Precompiled} of the
   * tokenizers library does.
   *
   * @param text UTF-8 that holds the text
   * @param from where the text begins
   * @param to where it ends, exclusive
   * @return the match, or {@link #NO_MATCH}
   */
  public long shortestMatch(byte[] text, int from, int to) {
    return match(text, from, to, 1);
  }

  private long match(byte[] text, int from, int to, int count) {
    if (units.length == 0) {
      return NO_MATCH;
    }
    long found = NO_MATCH;
    int left = count;
    int node = root;
    for (int i = from; i < to && left > 0; i++) {
      int b = text[i] & 0xFF;
      node ^= b;
      int unit = units[node];
      if ((unit & LABEL) != b) {
        break;
      }
      node ^= offset(unit);
      if (hasLeaf(unit)) {
        found = (long) (i + 1 - from) << 32 | (units[node] & ~LEAF);
        left--;
      }
    }
    return found;
  }

  /** Returns whether a rule may apply to a text that begins with this byte. */
  boolean hasRuleFor(byte first) {
    int b = first & 0xFF;
    return units.length > 0 && (units[root ^ b] & LABEL) == b;
  }

  /**
   * Returns how much of the text a match replaces.
   *
   * @param match a match
   * @return the number of bytes, more than 0
   */
  public static int length(long match) {
    return (int) (match >>> 32);
  }

  /**
   * Returns what a match is replaced by.
   *
   * @param match a match of this map
   * @return the replacement, maybe empty
   */
  public String replacement(long match) {
    int start = replacementStart(match);
    return new String(replacements, start, replacementEnd(match) - start, StandardCharsets.UTF_8);
  }

  /** Returns the bytes in which all replacements lie; not to be changed. */
  byte[] replacements() {
    return replacements;
  }

  static int replacementStart(long match) {
    return (int) match;
  }

  int replacementEnd(long match) {
    int end = replacementStart(match);
    while (replacements[end] != 0) {
      end++;
    }
    return end;
  }
}
