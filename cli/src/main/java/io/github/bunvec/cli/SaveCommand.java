package io.github.bunvec.cli;

import io.github.bunvec.engine.EmbeddingModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bunvec save}. */
@Command(
    name = "save",
    description =
        "Writes a model and the options in force as a directory of sentence-transformers.",
    footer = {
      "",
      "The directory gives the same vectors here and in Python: --max-length, --[no-]normalize,",
      "--prompt, --prompt-name and --truncate-dim become part of it, a model of transformers gains",
      "its modules. Weights stay as they are stored, whatever --dtype. Prints the files written.",
      "Python's library removes white space at the ends of texts, whatever --profile, and honours a",
      "truncated dimension from version 6.0 on."
    })
final class SaveCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "The directory to write. It must not exist.")
  private Path output = Path.of("");

  @Mixin private final RunOptions options = new RunOptions();

  SaveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return options.run(console, this::save);
  }

  private void save(RunStatistics statistics) throws IOException {
    try (EmbeddingModel model = options.load(statistics)) {
      model.save(output);
    } catch (IllegalStateException e) {
      throw CommandException.badInput(String.valueOf(e.getMessage()));
    }
    for (String line : files()) {
      console.out().write((Display.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** What was written, by names with slashes on every system. */
  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(output)) {
      return all.filter(Files::isRegularFile)
          .map(file -> output.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }
}
