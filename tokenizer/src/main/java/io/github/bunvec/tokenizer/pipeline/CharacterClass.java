package io.github.bunvec.tokenizer.pipeline;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * Sets of characters as the tokenizers library knows them.
 *
 * <p>It takes each from another package with another version of Unicode, so that neither Java's
 * tables nor those of one version give them: {@code character-classes.txt} holds the sets as
 * observed in version 0.22.2, made by {@code tools/golden/character_classes.py}.
 */
final class CharacterClass {

  /** What BertNormalizer's clean_text drops. */
  static final CharacterClass CONTROL = new CharacterClass("CONTROL");

  /** What BertNormalizer's strip_accents drops after decomposition. */
  static final CharacterClass NONSPACING_MARK = new CharacterClass("NONSPACING_MARK");

  /** What StripAccents drops. */
  static final CharacterClass COMBINING_MARK = new CharacterClass("COMBINING_MARK");

  /** Punctuation of BertPreTokenizer and Punctuation. */
  static final CharacterClass PUNCTUATION = new CharacterClass("PUNCTUATION");

  /** Digits of Digits. */
  static final CharacterClass NUMERIC = new CharacterClass("NUMERIC");

  /** Word characters of single_word and of Whitespace. */
  static final CharacterClass WORD = new CharacterClass("WORD");

  /** What decomposes by Java's tables and not by the library's, which are Unicode 12.0's. */
  static final CharacterClass UNDECOMPOSED = new CharacterClass("UNDECOMPOSED");

  private final BitSet members;

  private CharacterClass(String name) {
    members = read(name);
    if (members.isEmpty()) {
      throw new IllegalStateException("character-classes.txt has no class " + name);
    }
  }

  boolean contains(int c) {
    return members.get(c);
  }

  /** Returns whether a character has Unicode's property White_Space. */
  static boolean isWhitespace(int c) {
    return (c >= 0x09 && c <= 0x0D)
        || c == 0x20
        || (c >= 0x80
            && (c == 0x85
                || c == 0xA0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200A)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000));
  }

  /** Reads the line that begins with the name: ranges of code points in hexadecimal. */
  private static BitSet read(String name) {
    BitSet members = new BitSet();
    try (InputStream in = CharacterClass.class.getResourceAsStream("character-classes.txt")) {
      if (in == null) {
        throw new IllegalStateException("character-classes.txt is missing in the module");
      }
      var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith(name + " ")) {
          continue;
        }
        for (String range : line.substring(name.length() + 1).split(" ", -1)) {
          int dash = range.indexOf('-');
          int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash), 16);
          int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1), 16);
          members.set(first, last + 1);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return members;
  }
}
