package io.github.bunvec.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where results go, and how. */
final class OutputOptions {

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "text, jsonl; for embed also npy; for info, verify and eval also json."
              + " Default: by the end of the --output FILE (.jsonl, .npy), else text.")
  private @Nullable OutputFormat format;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write results to a file instead of standard output.")
  private @Nullable Path output;

  /** Returns the format asked for, which must be one of some. */
  OutputFormat format(OutputFormat... allowed) {
    List<OutputFormat> formats = Arrays.asList(allowed);
    OutputFormat asked = format;
    if (asked == null) {
      String name = output == null ? "" : output.toString().toLowerCase(Locale.ROOT);
      return formats.stream()
          .filter(f -> name.endsWith("." + label(f)) && f != OutputFormat.TEXT)
          .findFirst()
          .orElse(OutputFormat.TEXT);
    }
    if (!formats.contains(asked)) {
      throw CommandException.usage(
          "--format %s is not for this command, expected %s"
              .formatted(
                  label(asked),
                  formats.stream().map(OutputOptions::label).collect(Collectors.joining(", "))));
    }
    return asked;
  }

  /** Opens the place for results; it must not be the file that is read. */
  ResultStream open(Console console, @Nullable Path input) throws IOException {
    Path file = output;
    if (file == null) {
      return ResultStream.standardOutput(console.out());
    }
    if (input != null && Files.exists(file) && Files.exists(input)) {
      if (Files.isRegularFile(file) && Files.isSameFile(file, input)) {
        throw CommandException.usage("--output " + file + " is the file that is read");
      }
    }
    return ResultStream.file(file);
  }

  boolean toStandardOutput() {
    return output == null;
  }

  private static String label(OutputFormat format) {
    return format.name().toLowerCase(Locale.ROOT);
  }
}
