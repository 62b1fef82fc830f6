package io.github.bunvec.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where texts come from: arguments, a file, standard input. */
final class InputOptions {

  private static final String STANDARD_INPUT = "-";

  @Parameters(paramLabel = "TEXT", description = "Texts; write -- before texts that begin with -.")
  private List<String> texts = List.of();

  @Option(
      names = "--input",
      paramLabel = "FILE|-",
      description = "Texts from a file, or from standard input (-), one in each line, in UTF-8.")
  private @Nullable Path input;

  @Option(
      names = "--input-format",
      paramLabel = "text|jsonl",
      description =
          "text: the line is the text; jsonl: the line is an object with a field \"text\"."
              + " Default: jsonl for names that end in .jsonl, else text.")
  private @Nullable InputFormat inputFormat;

  @Nullable Path file() {
    return input;
  }

  TextSource open(Console console) throws IOException {
    Path file = input;
    if (file == null) {
      if (texts.isEmpty()) {
        throw CommandException.usage("no text given; write it as argument, or use --input FILE");
      }
      return new ArgumentTexts(texts);
    }
    if (!texts.isEmpty()) {
      throw CommandException.usage("texts as arguments and --input exclude each other");
    }
    return open(file, inputFormat, console);
  }

  static TextSource open(Path file, @Nullable InputFormat asked, Console console)
      throws IOException {
    if (isStandardInput(file)) {
      InputStream in = standardInput(console);
      InputFormat format = asked == null ? InputFormat.TEXT : asked;
      return new LineTexts(new LineReader(in, "standard input"), format, "standard input", 0);
    }
    InputFormat format = asked;
    if (format == null) {
      boolean jsonl = file.toString().toLowerCase(Locale.ROOT).endsWith(".jsonl");
      format = jsonl ? InputFormat.JSONL : InputFormat.TEXT;
    }
    if (Files.isDirectory(file)) {
      throw CommandException.badInput(file + ": is a directory, expected a file of texts");
    }
    InputStream in = Files.newInputStream(file);
    long size = Files.isRegularFile(file) ? Files.size(file) : 0;
    return new LineTexts(new LineReader(in, file.toString()), format, file.toString(), size);
  }

  static boolean isStandardInput(Path file) {
    return file.toString().equals(STANDARD_INPUT);
  }

  /** Returns standard input as a stream that stays open. */
  static InputStream standardInput(Console console) {
    InputStream in = console.in();
    return new FilterInputStream(in) {
      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return in.read(bytes, offset, length);
      }

      @Override
      public void close() {}
    };
  }
}
