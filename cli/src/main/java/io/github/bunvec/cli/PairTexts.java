package io.github.bunvec.cli;

import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The texts of scored pairs, both of a pair one after the other; the scores are kept. */
final class PairTexts implements TextSource {

  /** How a line holds a pair. */
  enum Format {
    /** Score, text, text, separated by tabs. */
    TSV,
    /** A JSON object. */
    JSONL
  }

  /** As in JSON, but for a sign and zeros in front. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?[0-9]{1,30}(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?");

  private final LineReader lines;
  private final String name;
  private final Format format;
  private final long size;
  private final JsonObjectLine object;
  private final DoubleList scores = new DoubleList();
  private long header;
  private @Nullable String second;

  private PairTexts(LineReader lines, String name, Format format, long size) {
    this.lines = lines;
    this.name = name;
    this.format = format;
    this.size = size;
    object = new JsonObjectLine("score, sentence1 and sentence2", this::wrong);
  }

  static PairTexts open(Path file, @Nullable Format asked, Console console) throws IOException {
    if (InputOptions.isStandardInput(file)) {
      LineReader lines = new LineReader(InputOptions.standardInput(console), "standard input");
      return new PairTexts(lines, "standard input", asked == null ? Format.TSV : asked, 0);
    }
    if (Files.isDirectory(file)) {
      throw CommandException.badInput(file + ": is a directory, expected a file of pairs");
    }
    boolean jsonl = file.toString().toLowerCase(Locale.ROOT).endsWith(".jsonl");
    Format format = asked != null ? asked : jsonl ? Format.JSONL : Format.TSV;
    long size = Files.isRegularFile(file) ? Files.size(file) : 0;
    return new PairTexts(
        new LineReader(Files.newInputStream(file), file.toString()), file.toString(), format, size);
  }

  /** The scores of the pairs read, in order. */
  double[] scores() {
    return scores.toArray();
  }

  @Override
  public @Nullable String next() throws IOException {
    String waiting = second;
    if (waiting != null) {
      second = null;
      return waiting;
    }
    String line = lines.next();
    if (line != null && format == Format.TSV && lines.line() == 1 && isHeader(line)) {
      header = 1;
      line = lines.next();
    }
    if (line == null) {
      return null;
    }
    Pair pair = format == Format.TSV ? columns(line) : fields(line);
    scores.add(pair.score);
    second = pair.second;
    return pair.first;
  }

  @Override
  public boolean ready() throws IOException {
    return second != null || lines.ready();
  }

  @Override
  public String where(long index) {
    return name + ": line " + (header + index / 2 + 1);
  }

  @Override
  public double fractionRead() {
    return size == 0 ? Double.NaN : Math.min(1, (double) lines.bytesRead() / size);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private record Pair(double score, String first, String second) {}

  /** Three columns, of which the first is a name and not a number gone wrong. */
  private static boolean isHeader(String line) {
    String[] columns = line.split("\t", -1);
    return columns.length == 3
        && columns[0].matches("\\p{L}.*")
        && !columns[0].matches("(?i)nan|inf(inity)?");
  }

  private Pair columns(String line) {
    String[] columns = line.split("\t", -1);
    if (columns.length != 3) {
      throw wrong(
          "has %d columns, expected 3 separated by tabs: score, text, text"
              .formatted(columns.length));
    }
    if (!NUMBER.matcher(columns[0]).matches()) {
      throw wrong("has the score '%s', expected a number".formatted(Display.line(columns[0])));
    }
    return pair(Double.parseDouble(columns[0]), columns[1], columns[2]);
  }

  private Pair fields(String line) {
    Fields fields = new Fields();
    object.read(line, fields::read);
    String first = fields.first;
    String text = fields.second;
    if (first == null || text == null || fields.score == null) {
      throw wrong(
          "lacks a field, expected score (or label), sentence1 and sentence2 (or text1 and text2)");
    }
    return pair(fields.score, first, text);
  }

  private Pair pair(double score, String first, String text) {
    if (!Double.isFinite(score)) {
      throw wrong("has a score beyond all bounds, expected a number");
    }
    return new Pair(score, first, text);
  }

  private CommandException wrong(String what) {
    return CommandException.badInput("%s: line %d %s".formatted(name, lines.line(), what));
  }

  /** The fields of one line, as far as they are there. */
  private final class Fields {

    private @Nullable Double score;
    private @Nullable String first;
    private @Nullable String second;

    boolean read(String field, JsonReader json) throws IOException {
      switch (field) {
        case "score", "label" -> {
          requireFirst(score, "score and label");
          score = object.number(field, json);
        }
        case "sentence1", "text1" -> {
          requireFirst(first, "sentence1 and text1");
          first = object.string(field, json);
        }
        case "sentence2", "text2" -> {
          requireFirst(second, "sentence2 and text2");
          second = object.string(field, json);
        }
        default -> {
          return false;
        }
      }
      return true;
    }

    private void requireFirst(@Nullable Object value, String names) {
      if (value != null) {
        throw wrong("has more than one of " + names);
      }
    }
  }
}
