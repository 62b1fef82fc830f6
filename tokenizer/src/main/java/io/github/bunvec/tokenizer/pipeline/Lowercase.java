package io.github.bunvec.tokenizer.pipeline;

/** Lower-cases each character by itself, so that no sigma is final. */
public record Lowercase() implements Normalizer {

  private static final int CAPITAL_I_WITH_DOT = 0x130; // the one character that becomes two

  @Override
  public String normalize(String text) {
    return of(text);
  }

  static String of(String text) {
    int same = 0;
    while (same < text.length() && isLower(text.charAt(same))) {
      same++;
    }
    if (same == text.length()) {
      return text;
    }
    StringBuilder result = new StringBuilder(text.length() + 2).append(text, 0, same);
    for (int i = same; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == CAPITAL_I_WITH_DOT) {
        result.append("i\u0307");
      } else {
        result.appendCodePoint(Character.toLowerCase(c));
      }
    }
    return result.toString();
  }

  /** Returns whether a UTF-16 unit stays for certain. */
  private static boolean isLower(char c) {
    return c < 0x80
        ? c < 'A' || c > 'Z'
        : !Character.isSurrogate(c) && Character.toLowerCase(c) == c;
  }
}
