package io.github.bunvec.cli;

import io.github.bunvec.engine.EmbeddingModel;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bunvec embed}. */
@Command(
    name = "embed",
    description = "Turns texts into vectors.",
    footer = {
      "",
      "Formats:",
      "  text   one line for each text: its values, separated by spaces",
      "  jsonl  one object for each text: text, tokens, truncated, embedding",
      "  npy    a NumPy array: float32, [texts, dimension]; int8 or uint8 with --precision"
    })
final class EmbedCommand implements Callable<Integer> {

  private final Console console;
  @Mixin private final InputOptions input = new InputOptions();
  @Mixin private final PrecisionOptions precision = new PrecisionOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final RunOptions options = new RunOptions();

  EmbedCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return options.run(console, this::embed);
  }

  private void embed(RunStatistics statistics) throws IOException {
    OutputFormat format = output.format(OutputFormat.TEXT, OutputFormat.JSONL, OutputFormat.NPY);
    precision.check();
    if (format == OutputFormat.NPY && output.toStandardOutput() && console.terminalOutput()) {
      throw CommandException.usage("--format npy is not for terminals; add --output FILE");
    }
    try (TextSource texts = input.open(console);
        EmbeddingModel model = options.load(statistics);
        ResultStream out = output.open(console, input.file());
        EmbeddingWriter writer =
            precision.writer(model.dimension(), console, form -> writer(format, out, form));
        ProgressBar progress = new ProgressBar(console)) {
      new Embedder(model, statistics)
          .all(
              texts,
              progress,
              embedded -> {
                progress.eraseBefore(output.toStandardOutput());
                for (Embedder.Result result : embedded) {
                  writer.write(result.text(), result.embedding());
                }
                writer.flush();
              });
    }
  }

  private static EmbeddingWriter writer(OutputFormat format, ResultStream out, VectorForm form)
      throws IOException {
    return switch (format) {
      case JSONL -> LineWriter.jsonl(out, form);
      case NPY -> new NpyWriter(out, form);
      default -> LineWriter.text(out, form);
    };
  }
}
