package io.github.bunvec.tokenizer.pipeline;

import io.github.bunvec.tokenizer.sentencepiece.PrecompiledCharsmap;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A SentencePiece model's rules as the tokenizers library applies them, which is not how
 * SentencePiece does: a grapheme cluster of at most five bytes of UTF-8 is replaced as a whole by
 * the shortest rule it begins with; what has no rule is looked at character by character.
 *
 * @param charsmap the rules
 */
public record Precompiled(PrecompiledCharsmap charsmap) implements Normalizer {

  private static final int MAX_CLUSTER_BYTES = 5;
  private static final Pattern CLUSTER = Pattern.compile("\\X");

  @Override
  public String normalize(String text) {
    StringBuilder result = new StringBuilder(text.length() + 16);
    Matcher clusters = CLUSTER.matcher(text);
    int at = 0;
    while (at < text.length()) {
      int end = at + 1;
      if (!standsAlone(text, at)) {
        // The whole rest is searched, not a region: flags need no context to the left.
        end = clusters.find(at) ? clusters.end() : text.length();
      }
      append(text, at, end, result);
      at = end;
    }
    return result.toString();
  }

  /** Returns whether a character and the next are known to be two clusters without asking. */
  private static boolean standsAlone(String text, int at) {
    return isSimple(text.charAt(at)) && (at + 1 == text.length() || isSimple(text.charAt(at + 1)));
  }

  private static boolean isSimple(char c) {
    return c < 0x300
        ? c != '\r' // CR LF is one cluster
        : (c >= 0x3041 && c <= 0x3096)
            || (c >= 0x30A1 && c <= 0x30FE)
            || (c >= 0x4E00 && c <= 0x9FFF)
            || (c >= 0x3001 && c <= 0x3020)
            || (c >= 0xFF01 && c <= 0xFF9D);
  }

  private void append(String text, int from, int to, StringBuilder result) {
    if (to - from > 1) {
      // A cluster of more than five units has more than five bytes.
      if (to - from <= MAX_CLUSTER_BYTES) {
        byte[] bytes = text.substring(from, to).getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_CLUSTER_BYTES && replace(bytes, result)) {
          return;
        }
      }
      int end;
      for (int i = from; i < to; i = end) {
        end = i + Character.charCount(text.codePointAt(i));
        appendCharacter(text, i, end, result);
      }
    } else {
      appendCharacter(text, from, to, result);
    }
  }

  private void appendCharacter(String text, int from, int to, StringBuilder result) {
    char c = text.charAt(from);
    byte[] bytes =
        c < 0x80
            ? new byte[] {(byte) c}
            : text.substring(from, to).getBytes(StandardCharsets.UTF_8);
    if (!replace(bytes, result)) {
      result.append(text, from, to);
    }
  }

  private boolean replace(byte[] bytes, StringBuilder result) {
    long match = charsmap.shortestMatch(bytes, 0, bytes.length);
    if (match == PrecompiledCharsmap.NO_MATCH) {
      return false;
    }
    result.append(charsmap.replacement(match));
    return true;
  }
}
