package io.github.bunvec.tokenizer.pipeline;

import io.github.bunvec.tokenizer.unicode.CombiningMarks;
import java.text.Normalizer.Form;

/**
 * Unicode's normalisation forms. The library's tables are those of Unicode 12.0, Java's are newer;
 * characters that decompose only by the newer ones are left alone, other differences in characters
 * assigned since (their combining classes, what composes to them) remain.
 */
public enum UnicodeForm implements Normalizer {
  /** Canonical composition. */
  NFC(Form.NFC),
  /** Canonical decomposition. */
  NFD(Form.NFD),
  /** Compatibility composition. */
  NFKC(Form.NFKC),
  /** Compatibility decomposition. */
  NFKD(Form.NFKD);

  private final Form form;

  UnicodeForm(Form form) {
    this.form = form;
  }

  @Override
  public String normalize(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Below U+00A0 and among the common kanji nothing changes in any form.
      if (c >= 0xA0 && (c < 0x4E00 || c > 0x9FFF)) {
        return normalizeParts(text);
      }
    }
    return text;
  }

  /** Leaves characters that the library does not know; nothing composes across them. */
  private String normalizeParts(String text) {
    StringBuilder result = null;
    int start = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int end = i + Character.charCount(c);
      if (CharacterClass.UNDECOMPOSED.contains(c)) {
        result = result == null ? new StringBuilder(text.length()) : result;
        result.append(ofKnown(text.substring(start, i))).appendCodePoint(c);
        start = end;
      }
      i = end;
    }
    return result == null
        ? ofKnown(text)
        : result.append(ofKnown(text.substring(start))).toString();
  }

  private String ofKnown(String text) {
    return java.text.Normalizer.normalize(CombiningMarks.ordered(text, form), form);
  }
}
