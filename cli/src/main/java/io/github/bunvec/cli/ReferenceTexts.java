package io.github.bunvec.cli;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The texts of a reference; what belongs to each waits to be taken, in order.
 *
 * <p>Either JSON lines with text, embedding and perhaps ids and tokens, or a NumPy array and a file
 * of texts, lines or JSON lines, beside it.
 */
final class ReferenceTexts implements TextSource {

  private final Path file;
  private final LineReader lines;
  private final boolean jsonLines;
  private final @Nullable NpyReader vectors;
  private final long size;
  private final JsonObjectLine object;
  private final Queue<ReferenceRow> waiting = new ArrayDeque<>();

  private ReferenceTexts(Path file, @Nullable NpyReader vectors) throws IOException {
    if (Files.isDirectory(file)) {
      throw CommandException.badInput(file + ": is a directory, expected a file of texts");
    }
    this.file = file;
    this.vectors = vectors;
    jsonLines = vectors == null || hasEnding(file, ".jsonl");
    object = new JsonObjectLine("a string field \"text\"", this::wrong);
    size = Files.isRegularFile(file) ? Files.size(file) : 0;
    lines = new LineReader(Files.newInputStream(file), file.toString());
  }

  static ReferenceTexts open(Path reference, @Nullable Path texts) throws IOException {
    boolean array = hasEnding(reference, ".npy");
    if (array && texts == null) {
      throw CommandException.usage(
          "--reference %s has vectors only; add --texts FILE, the texts they belong to"
              .formatted(reference));
    }
    if (!array && texts != null) {
      throw CommandException.usage("--texts goes with a --reference that ends in .npy");
    }
    if (texts == null) {
      return new ReferenceTexts(reference, null);
    }
    NpyReader vectors = NpyReader.open(reference);
    try {
      return new ReferenceTexts(texts, vectors);
    } catch (IOException | RuntimeException e) {
      vectors.close();
      throw e;
    }
  }

  /** Returns what belongs to the first text that {@link #next} gave and that was not taken yet. */
  ReferenceRow take() {
    return waiting.remove();
  }

  @Override
  public @Nullable String next() throws IOException {
    String line = lines.next();
    NpyReader array = vectors;
    if (line == null) {
      if (array != null && array.rows() != lines.line()) {
        throw CommandException.badInput(
            "%s: has %d texts, the array has %d rows".formatted(file, lines.line(), array.rows()));
      }
      return null;
    }
    if (array != null && lines.line() > array.rows()) {
      throw wrong("is one too many: the array has %d rows".formatted(array.rows()));
    }
    double[] vector = array == null ? null : array.next();
    ReferenceRow row = jsonLines ? parse(line, vector) : row(line, vector, null, null);
    waiting.add(row);
    return row.text();
  }

  private ReferenceRow parse(String line, double @Nullable [] vector) {
    Parsed parsed = new Parsed();
    object.read(line, parsed::read);
    return row(parsed.text, vector == null ? parsed.embedding : vector, parsed.ids, parsed.tokens);
  }

  private ReferenceRow row(
      @Nullable String text,
      double @Nullable [] embedding,
      int @Nullable [] ids,
      @Nullable List<String> tokens) {
    if (text == null) {
      throw wrong("has no field \"text\"");
    }
    if (embedding == null) {
      throw wrong("has no field \"embedding\"");
    }
    return new ReferenceRow(text, embedding, ids, tokens);
  }

  @Override
  public boolean ready() throws IOException {
    return lines.ready();
  }

  @Override
  public String where(long index) {
    return file + ": line " + (index + 1);
  }

  @Override
  public double fractionRead() {
    return size == 0 ? Double.NaN : Math.min(1, (double) lines.bytesRead() / size);
  }

  @Override
  public void close() throws IOException {
    try (NpyReader _ = vectors) {
      lines.close();
    }
  }

  private CommandException wrong(String what) {
    return CommandException.badInput("%s: line %d %s".formatted(file, lines.line(), what));
  }

  /** Vectors are made of floats, and the fewest digits that tell one from others stand for it. */
  private double[] floats(double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) values[i];
      if (!Double.isFinite(values[i])) {
        throw wrong("has an embedding with a value beyond those of a float");
      }
    }
    return values;
  }

  private static boolean hasEnding(Path file, String ending) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  /** The fields of one line, as far as they are there. */
  private final class Parsed {

    private @Nullable String text;
    private double @Nullable [] embedding;
    private int @Nullable [] ids;
    private @Nullable List<String> tokens;

    boolean read(String name, JsonReader json) throws IOException {
      switch (name) {
        case "text" -> text = object.string(name, json);
        case "embedding" -> embedding = floats(object.numbers(name, json));
        case "ids" -> ids = object.integers(name, json);
        case "tokens" -> {
          // Our own embed writes how many there are: nothing to compare lists with.
          if (json.peek() != JsonToken.BEGIN_ARRAY) {
            return false;
          }
          tokens = object.strings(name, json);
        }
        default -> {
          return false;
        }
      }
      return true;
    }
  }
}
