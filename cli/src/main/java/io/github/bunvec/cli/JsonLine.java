package io.github.bunvec.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON object in one line.
 *
 * <p>Own code and not Gson's writer because any text must come back as it was: unpaired surrogates,
 * which UTF-8 cannot hold, are written as escapes. Floats have the shortest digits that parse back
 * to the same bits (Java's {@link Float#toString(float)} since JDK 19).
 */
final class JsonLine {

  private final StringBuilder out = new StringBuilder("{");

  JsonLine add(String name, @Nullable String value) {
    if (value == null) {
      return addNull(name);
    }
    name(name);
    string(value);
    return this;
  }

  JsonLine add(String name, long value) {
    name(name);
    out.append(value);
    return this;
  }

  JsonLine add(String name, double value) {
    name(name);
    out.append(value);
    return this;
  }

  JsonLine add(String name, boolean value) {
    name(name);
    out.append(value);
    return this;
  }

  JsonLine addNull(String name) {
    name(name);
    out.append("null");
    return this;
  }

  JsonLine add(String name, float[] values) {
    name(name);
    out.append('[');
    for (int i = 0; i < values.length; i++) {
      out.append(i == 0 ? "" : ",").append(values[i]);
    }
    out.append(']');
    return this;
  }

  JsonLine add(String name, double[] values) {
    name(name);
    out.append('[');
    for (int i = 0; i < values.length; i++) {
      out.append(i == 0 ? "" : ",").append(values[i]);
    }
    out.append(']');
    return this;
  }

  JsonLine add(String name, int[] values) {
    name(name);
    out.append('[');
    for (int i = 0; i < values.length; i++) {
      out.append(i == 0 ? "" : ",").append(values[i]);
    }
    out.append(']');
    return this;
  }

  JsonLine add(String name, List<String> values) {
    name(name);
    out.append('[');
    for (int i = 0; i < values.size(); i++) {
      out.append(i == 0 ? "" : ",");
      string(values.get(i));
    }
    out.append(']');
    return this;
  }

  JsonLine add(String name, JsonLine value) {
    name(name);
    out.append(value);
    return this;
  }

  @Override
  public String toString() {
    return out + "}";
  }

  private void name(String name) {
    if (out.length() > 1) {
      out.append(',');
    }
    string(name);
    out.append(':');
  }

  private void string(String value) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (mustEscape(value, i)) {
            out.append("\\u").append(String.format("%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /** Control characters, everything some reader takes for the end of a line, broken pairs. */
  private static boolean mustEscape(String value, int i) {
    char c = value.charAt(i);
    if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
      return true;
    }
    if (Character.isHighSurrogate(c)) {
      return i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
  }
}
