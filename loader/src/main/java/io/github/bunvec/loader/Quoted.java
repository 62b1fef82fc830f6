package io.github.bunvec.loader;

/** Text from a file as it may stand in an error message: one line, bounded length. */
final class Quoted {

  /** Enough for any real tensor name or path; a hostile file may hold megabytes. */
  private static final int MAX_CHARS = 160;

  private Quoted() {}

  /** Returns {@code text} in single quotes. */
  static String name(String text) {
    return "'" + oneLine(text) + "'";
  }

  /** Returns {@code text} in double quotes, as it would stand in JSON. */
  static String value(String text) {
    return "\"" + oneLine(text) + "\"";
  }

  /** Returns {@code text} escaped, cut after {@link #MAX_CHARS}. */
  static String oneLine(String text) {
    return text.length() > MAX_CHARS
        ? escaped(text.substring(0, MAX_CHARS)) + "..."
        : escaped(text);
  }

  /** Returns {@code text} with what could break a line or an encoding escaped. */
  static String escaped(String text) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
        line.append(String.format("\\u%04x", (int) c));
      } else {
        line.append(c);
      }
    }
    return line.toString();
  }
}
