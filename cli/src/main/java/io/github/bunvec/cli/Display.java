package io.github.bunvec.cli;

/** Text for people: one line whatever is in it. */
final class Display {

  private Display() {}

  /** Returns the text with control characters and line separators as escapes. */
  static String line(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        out.append("\\u").append(String.format("%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
