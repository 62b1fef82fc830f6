package io.github.bunvec.tokenizer.pipeline;

/** Drops characters of a class. */
final class Filter {

  private Filter() {}

  static String without(CharacterClass dropped, String text) {
    int kept = 0;
    while (kept < text.length() && text.charAt(kept) < 0x80) {
      kept++; // none of the classes dropped has a member in ASCII
    }
    if (kept == text.length()) {
      return text;
    }
    StringBuilder result = new StringBuilder(text.length()).append(text, 0, kept);
    for (int i = kept; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (!dropped.contains(c)) {
        result.appendCodePoint(c);
      }
    }
    return result.toString();
  }
}
