package io.github.bunvec.cli;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import org.jspecify.annotations.Nullable;

/** Texts from a file or standard input, one in each line. */
final class LineTexts implements TextSource {

  private final LineReader lines;
  private final InputFormat format;
  private final String name;
  private final long size;

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

  private String textField(String line) throws IOException {
    if (line.isBlank()) {
      throw wrong("is blank, expected a JSON object with a string field \"text\"");
    }
    if (hasRawControlCharacter(line)) {
      throw wrong("is not JSON: a control character in a string must be written as an escape");
    }
    try (JsonReader json = new JsonReader(new StringReader(line))) {
      // Not STRICT, which refuses escapes of unpaired surrogates; JSON allows them and Python
      // writes them.
      json.setStrictness(Strictness.LEGACY_STRICT);
      return textField(json);
    } catch (EOFException e) {
      throw wrong("is not JSON: it ends too early");
    } catch (IOException e) {
      throw wrong("is not JSON: " + firstSentence(e));
    }
  }

  private String textField(JsonReader json) throws IOException {
    if (json.peek() != JsonToken.BEGIN_OBJECT) {
      throw wrong("is not a JSON object; expected one with a string field \"text\"");
    }
    String text = null;
    json.beginObject();
    while (json.hasNext()) {
      if (!json.nextName().equals("text")) {
        json.skipValue();
      } else if (text != null) {
        throw wrong("has the field \"text\" twice");
      } else if (json.peek() != JsonToken.STRING) {
        throw wrong("has a field \"text\" that is not a string");
      } else {
        text = json.nextString();
      }
    }
    json.endObject();
    if (json.peek() != JsonToken.END_DOCUMENT) {
      throw wrong("has more than one JSON value");
    }
    if (text == null) {
      throw wrong("has no field \"text\"");
    }
    return text;
  }

  /** The one thing that matters in which Gson's reader is laxer than JSON. */
  private static boolean hasRawControlCharacter(String line) {
    boolean inString = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (inString && c < ' ') {
        return true;
      }
      if (inString && c == '\\') {
        i++;
      } else if (c == '"') {
        inString = !inString;
      }
    }
    return false;
  }

  private CommandException wrong(String what) {
    return CommandException.badInput("%s: line %d %s".formatted(name, lines.line(), what));
  }

  /** Gson's messages go on with advice to programmers and a link. */
  private static String firstSentence(IOException e) {
    String message =
        e.getMessage() == null ? "malformed" : e.getMessage().lines().findFirst().get();
    return message.replace("Use JsonReader.setStrictness(Strictness.LENIENT) to accept", "This is");
  }
}
