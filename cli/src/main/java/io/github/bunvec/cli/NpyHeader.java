package io.github.bunvec.cli;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The head of a NumPy array of two dimensions.
 *
 * <p>Format: NumPy Enhancement Proposal 1, versions 1.0, 2.0 and 3.0: magic, version, length of the
 * header, and the header, a Python dictionary of descr, fortran_order and shape.
 *
 * @param elementBytes 2, 4 or 8 bytes of a little-endian float
 * @param bytes how many bytes stand before the first element
 */
record NpyHeader(int elementBytes, long rows, int columns, long bytes) {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** NumPy itself refuses headers over 10,000 bytes unless told otherwise. */
  private static final int MAX_BYTES = 1 << 16;

  private static final int MAX_COLUMNS = 1 << 20;

  /**
   * Reads a header.
   *
   * @param wrong makes the exception from what is wrong with the file
   */
  static NpyHeader read(DataInputStream in, Function<String, CommandException> wrong)
      throws IOException {
    try {
      byte[] magic = new byte[MAGIC.length];
      in.readFully(magic);
      if (!Arrays.equals(magic, MAGIC)) {
        throw wrong.apply("is not a NumPy array: it does not begin with \\x93NUMPY");
      }
      int major = in.readUnsignedByte();
      int minor = in.readUnsignedByte();
      if (major < 1 || major > 3 || minor != 0) {
        throw wrong.apply(
            "has format version %d.%d, expected 1.0, 2.0 or 3.0".formatted(major, minor));
      }
      int lengthBytes = major == 1 ? Short.BYTES : Integer.BYTES;
      long length = 0;
      for (int i = 0; i < lengthBytes; i++) {
        length |= (long) in.readUnsignedByte() << (8 * i);
      }
      if (length > MAX_BYTES) {
        throw wrong.apply(
            "has a header of %d bytes, expected at most %d".formatted(length, MAX_BYTES));
      }
      byte[] text = new byte[(int) length];
      in.readFully(text);
      Map<String, String> entries =
          new Dictionary(new String(text, StandardCharsets.UTF_8), wrong).entries();
      return of(entries, MAGIC.length + 2 + lengthBytes + length, wrong);
    } catch (EOFException e) {
      throw wrong.apply("ends within the header");
    }
  }

  private static NpyHeader of(
      Map<String, String> entries, long bytes, Function<String, CommandException> wrong) {
    String type = entries.getOrDefault("descr", "missing");
    int elementBytes =
        switch (type) {
          case "'<f2'" -> Float.BYTES / 2;
          case "'<f4'" -> Float.BYTES;
          case "'<f8'" -> Double.BYTES;
          default ->
              throw wrong.apply(
                  "has descr %s, expected '<f4', '<f8' or '<f2': little-endian floats"
                      .formatted(Display.line(type)));
        };
    String order = entries.getOrDefault("fortran_order", "missing");
    if (!order.equals("False")) {
      throw wrong.apply(
          "has fortran_order %s, expected False; save numpy.ascontiguousarray(vectors)"
              .formatted(Display.line(order)));
    }
    String shape = entries.getOrDefault("shape", "missing");
    String[] numbers = shape.replaceAll("[() ]", "").split(",", -1);
    if (numbers.length != 2 || !isNumber(numbers[0]) || !isNumber(numbers[1])) {
      throw wrong.apply("has shape %s, expected (texts, dimension)".formatted(Display.line(shape)));
    }
    long rows = Long.parseLong(numbers[0]);
    long columns = Long.parseLong(numbers[1]);
    if (columns < 1 || columns > MAX_COLUMNS) {
      throw wrong.apply("has %d columns, expected 1 to %d".formatted(columns, MAX_COLUMNS));
    }
    return new NpyHeader(elementBytes, rows, (int) columns, bytes);
  }

  /** At most 12 digits: bytes of that many rows of MAX_COLUMNS fit in a long. */
  private static boolean isNumber(String digits) {
    return digits.matches("[0-9]{1,12}");
  }

  /**
   * The one kind of Python dictionary that stands in headers: names, and values without nesting.
   */
  private static final class Dictionary {

    private final String text;
    private final Function<String, CommandException> wrong;
    private int at;

    Dictionary(String text, Function<String, CommandException> wrong) {
      this.text = text;
      this.wrong = wrong;
    }

    /** Values as they are spelt. */
    Map<String, String> entries() {
      Map<String, String> entries = new HashMap<>();
      expect('{');
      while (next() != '}') {
        String name = until('\'');
        if (!name.startsWith("'")) {
          throw malformed();
        }
        expect(':');
        String value =
            switch (next()) {
              case '\'' -> until('\'');
              case '(' -> until(')');
              case 'T' -> word("True");
              case 'F' -> word("False");
              default -> throw malformed();
            };
        if (entries.put(name.substring(1, name.length() - 1), value) != null) {
          throw malformed();
        }
        if (next() == ',') {
          at++;
        } else if (next() != '}') {
          throw malformed();
        }
      }
      at++;
      if (!text.substring(at).isBlank()) {
        throw malformed();
      }
      return entries;
    }

    private char next() {
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
      if (at == text.length()) {
        throw malformed();
      }
      return text.charAt(at);
    }

    private void expect(char c) {
      if (next() != c) {
        throw malformed();
      }
      at++;
    }

    /** From the next character to the first such one behind it. */
    private String until(char last) {
      next();
      int end = text.indexOf(last, at + 1);
      if (end < 0) {
        throw malformed();
      }
      String value = text.substring(at, end + 1);
      at = end + 1;
      return value;
    }

    private String word(String value) {
      if (!text.startsWith(value, at)) {
        throw malformed();
      }
      at += value.length();
      return value;
    }

    private CommandException malformed() {
      return wrong.apply(
          "has a header that is no dictionary of descr, fortran_order and shape: "
              + Display.line(text.strip().substring(0, Math.min(200, text.strip().length()))));
    }
  }
}
