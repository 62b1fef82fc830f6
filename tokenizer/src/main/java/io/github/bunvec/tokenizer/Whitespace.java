package io.github.bunvec.tokenizer;

/** Whitespace as Python's str.split and str.strip know it; Java's own sets differ. */
public final class Whitespace {

  private Whitespace() {}

  /** Returns whether a character is whitespace. All whitespace lies in the basic plane. */
  static boolean is(int c) {
    return (c >= 0x09 && c <= 0x0D)
        || (c >= 0x1C && c <= 0x20)
        || c == 0x85
        || c == 0xA0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200A)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202F
        || c == 0x205F
        || c == 0x3000;
  }

  /** Returns how many bytes the whitespace character at a place of a UTF-8 text has, 0 if none. */
  static int byteLength(byte[] text, int at, int end) {
    int b = text[at];
    if (b >= 0) {
      return is(b) ? 1 : 0;
    }
    return switch (b & 0xFF) {
      case 0xC2 -> at + 1 < end && is((b & 0x1F) << 6 | (text[at + 1] & 0x3F)) ? 2 : 0;
      case 0xE1, 0xE2, 0xE3 ->
          at + 2 < end && is((b & 0x0F) << 12 | (text[at + 1] & 0x3F) << 6 | (text[at + 2] & 0x3F))
              ? 3
              : 0;
      default -> 0;
    };
  }

  /**
   * Returns a text without the whitespace at its ends, as {@code str.strip()} does.
   *
   * @param text the text
   * @return the text from its first to its last other character
   */
  public static String strip(String text) {
    return stripEnd(stripStart(text));
  }

  /** Returns a text without the whitespace it starts with. */
  static String stripStart(String text) {
    int start = 0;
    while (start < text.length() && is(text.charAt(start))) {
      start++;
    }
    return text.substring(start);
  }

  /** Returns a text without the whitespace it ends with. */
  static String stripEnd(String text) {
    int end = text.length();
    while (end > 0 && is(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }
}
