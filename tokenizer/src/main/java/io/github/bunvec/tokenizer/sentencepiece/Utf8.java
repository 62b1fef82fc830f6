package io.github.bunvec.tokenizer.sentencepiece;

import java.nio.charset.StandardCharsets;

/** Text to UTF-8. */
final class Utf8 {

  private Utf8() {}

  /** Returns a text's UTF-8; an unpaired surrogate, which has none, becomes U+FFFD. */
  static byte[] of(String text) {
    return wellFormed(text).getBytes(StandardCharsets.UTF_8);
  }

  private static String wellFormed(String text) {
    StringBuilder result = null;
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        int c = text.codePointAt(i);
        if (Character.isSupplementaryCodePoint(c)) {
          i++;
        } else {
          result = result == null ? new StringBuilder(text) : result;
          result.setCharAt(i, '\uFFFD');
        }
      }
    }
    return result == null ? text : result.toString();
  }

  /** Returns how many bytes the character has that begins with a byte, by that byte alone. */
  static int length(byte first) {
    int b = first & 0xFF;
    if (b < 0xC0) {
      return 1;
    }
    return b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
  }
}
