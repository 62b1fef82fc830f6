package io.github.bunvec.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Texts from a file or standard input, one in each line. */
final class LineTexts implements TextSource {

  private final LineReader lines;
  private final InputFormat format;
  private final String name;
  private final long size;
  private final JsonObjectLine object = new JsonObjectLine("a string field \"text\"", this::wrong);

  /**
   * Creates a source.
   *
   * @param size how many bytes there are to read, 0 if unknown
   */
  LineTexts(LineReader lines, InputFormat format, String name, long size) {
    this.lines = lines;
    this.format = format;
    this.name = name;
    this.size = size;
  }

  @Override
  public @Nullable String next() throws IOException {
    String line = lines.next();
    return line == null || format == InputFormat.TEXT ? line : textField(line);
  }

  @Override
  public boolean ready() throws IOException {
    return lines.ready();
  }

  @Override
  public String where(long index) {
    return name + ": line " + (index + 1);
  }

  @Override
  public double fractionRead() {
    return size == 0 ? Double.NaN : Math.min(1, (double) lines.bytesRead() / size);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private String textField(String line) {
    String[] text = new String[1];
    object.read(
        line,
        (name, json) -> {
          if (!name.equals("text")) {
            return false;
          }
          text[0] = object.string(name, json);
          return true;
        });
    if (text[0] == null) {
      throw wrong("has no field \"text\"");
    }
    return text[0];
  }

  private CommandException wrong(String what) {
    return CommandException.badInput("%s: line %d %s".formatted(name, lines.line(), what));
  }
}
