package io.github.bunvec.tokenizer;

import io.github.bunvec.tokenizer.unicode.CombiningMarks;
import java.text.Normalizer;

/** Unicode's normalisation form NFKC. */
final class CompatibilityForm {

  private CompatibilityForm() {}

  /** Returns a text in NFKC. */
  static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isInert(text.charAt(i))) {
        return Normalizer.normalize(
            CombiningMarks.ordered(text, Normalizer.Form.NFKC), Normalizer.Form.NFKC);
      }
    }
    return text;
  }

  /**
   * Returns whether a character stays as it is whatever inert ones stand around it. Most Japanese
   * text is made of these alone and need not be normalised, which costs as much as cutting it.
   */
  static boolean isInert(char c) {
    return c < 0x80
        || (c >= 0x3041 && c <= 0x3096) // hiragana
        || (c >= 0x30A1 && c <= 0x30FE) // katakana, the long vowel mark, iteration marks
        || (c >= 0x4E00 && c <= 0x9FFF) // the common kanji
        || (c >= 0x3001 && c <= 0x3020); // punctuation, brackets, 々, 〇
  }
}
