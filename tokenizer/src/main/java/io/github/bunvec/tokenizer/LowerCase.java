package io.github.bunvec.tokenizer;

/**
 * Lower-casing as Python's str.lower does it. {@link String#toLowerCase} finds the final sigma by
 * word boundaries and so differs.
 */
final class LowerCase {

  private static final int CAPITAL_SIGMA = 0x3A3;
  private static final int SMALL_SIGMA = 0x3C3;
  private static final int FINAL_SIGMA = 0x3C2;
  private static final int CAPITAL_I_WITH_DOT = 0x130;

  /** Word_Break MidLetter, MidNumLet and Single_Quote, part of Unicode's Case_Ignorable. */
  private static final String IGNORABLE_PUNCTUATION =
      "'.:\u00B7\u0387\u055F\u05F4\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55\uFF07\uFF0E\uFF1A";

  private LowerCase() {}

  /** Lower-cases each character by itself, so that no sigma is final. */
  static String ofEach(String text) {
    return of(text, false);
  }

  /** Lower-cases a word. */
  static String of(String word) {
    return of(word, true);
  }

  private static String of(String text, boolean finalSigma) {
    int changed = firstChange(text);
    if (changed == text.length()) {
      return text;
    }
    StringBuilder result = new StringBuilder(text.length() + 1).append(text, 0, changed);
    for (int i = changed; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      switch (c) {
        case CAPITAL_I_WITH_DOT -> result.append("i\u0307");
        case CAPITAL_SIGMA ->
            result.appendCodePoint(finalSigma && isFinal(text, i) ? FINAL_SIGMA : SMALL_SIGMA);
        default -> result.appendCodePoint(Character.toLowerCase(c));
      }
    }
    return result.toString();
  }

  private static int firstChange(String text) {
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      if (Character.toLowerCase(c) != c) {
        break;
      }
      i += Character.charCount(c);
    }
    return i;
  }

  /** Unicode's Final_Sigma: after a cased letter and before none, case-ignorables passed over. */
  private static boolean isFinal(String text, int sigma) {
    int before = sigma;
    while (before > 0 && isIgnorable(text.codePointBefore(before))) {
      before -= Character.charCount(text.codePointBefore(before));
    }
    if (before == 0 || !isCased(text.codePointBefore(before))) {
      return false;
    }
    int after = sigma + 1;
    while (after < text.length() && isIgnorable(text.codePointAt(after))) {
      after += Character.charCount(text.codePointAt(after));
    }
    return after == text.length() || !isCased(text.codePointAt(after));
  }

  private static boolean isCased(int c) {
    return Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
  }

  private static boolean isIgnorable(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.FORMAT,
          Character.MODIFIER_LETTER,
          Character.MODIFIER_SYMBOL ->
          true;
      default -> IGNORABLE_PUNCTUATION.indexOf(c) >= 0;
    };
  }
}
