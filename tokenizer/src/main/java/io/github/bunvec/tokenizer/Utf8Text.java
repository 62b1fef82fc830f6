package io.github.bunvec.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A text in UTF-8, in memory that is kept from text to text. */
final class Utf8Text {

  private byte[] bytes = new byte[512];
  private int length;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  long retainedBytes() {
    return bytes.length;
  }

  /** Takes a text; an unpaired surrogate, which UTF-8 cannot hold, becomes U+FFFD. */
  void set(String text) {
    int needed = Math.multiplyExact(3, text.length());
    if (bytes.length < needed) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
    }
    byte[] out = bytes;
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        out[at++] = (byte) c;
      } else if (c < 0x800) {
        out[at++] = (byte) (0xC0 | c >> 6);
        out[at++] = (byte) (0x80 | (c & 0x3F));
      } else if (!Character.isSurrogate(c)) {
        at = putThree(out, at, c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        int codePoint = Character.toCodePoint(c, text.charAt(++i));
        out[at++] = (byte) (0xF0 | codePoint >> 18);
        out[at++] = (byte) (0x80 | (codePoint >> 12 & 0x3F));
        out[at++] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
        out[at++] = (byte) (0x80 | (codePoint & 0x3F));
      } else {
        at = putThree(out, at, '\uFFFD');
      }
    }
    length = at;
  }

  private static int putThree(byte[] out, int at, char c) {
    out[at] = (byte) (0xE0 | c >> 12);
    out[at + 1] = (byte) (0x80 | (c >> 6 & 0x3F));
    out[at + 2] = (byte) (0x80 | (c & 0x3F));
    return at + 3;
  }

  /** Returns a part of the text. */
  String substring(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
