package io.github.bunvec.tokenizer.pipeline;

import io.github.bunvec.tokenizer.unicode.CombiningMarks;
import java.text.Normalizer.Form;

/**
 * Unicode's normalisation forms by Java's tables. The library's are older: about 190 characters
 * assigned since decompose here and not there.
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
        return java.text.Normalizer.normalize(CombiningMarks.ordered(text, form), form);
      }
    }
    return text;
  }
}
