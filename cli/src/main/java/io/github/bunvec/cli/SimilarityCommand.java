package io.github.bunvec.cli;

import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.engine.Similarity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bunvec similarity}. */
@Command(
    name = "similarity",
    description = "Compares texts, each with each.",
    footer = {
      "",
      "Formats:",
      "  text   a table; the numbers of its columns are those of its rows",
      "  jsonl  one object for each text: text, similarities (to all texts, in order)"
    })
final class SimilarityCommand implements Callable<Integer> {

  private static final int COLUMN_WIDTH = 9;

  private final Console console;
  @Mixin private final InputOptions input = new InputOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final RunOptions options = new RunOptions();

  SimilarityCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return options.run(console, this::compare);
  }

  private void compare(RunStatistics statistics) throws IOException {
    OutputFormat format = output.format(OutputFormat.TEXT, OutputFormat.JSONL);
    List<Embedder.Result> results = new ArrayList<>();
    try (TextSource texts = input.open(console);
        EmbeddingModel model = options.load(statistics)) {
      try (ProgressBar progress = new ProgressBar(console)) {
        new Embedder(model, statistics).all(texts, progress, results::addAll);
      }
      if (results.size() < 2) {
        throw CommandException.usage("one text has nothing to compare it with; give two or more");
      }
      try (ResultStream out = output.open(console, input.file())) {
        Similarity similarity = model.info().similarity();
        if (format == OutputFormat.JSONL) {
          writeLines(results, similarity, out);
        } else {
          writeTable(results, similarity, out);
        }
      }
    }
  }

  private static void writeLines(
      List<Embedder.Result> results, Similarity similarity, ResultStream out) throws IOException {
    for (Embedder.Result result : results) {
      out.line(
          new JsonLine()
              .add("text", result.text())
              .add("similarities", row(result, results, similarity))
              .toString());
    }
  }

  /** Texts come last: how wide a terminal draws them, nobody knows. */
  private static void writeTable(
      List<Embedder.Result> results, Similarity similarity, ResultStream out) throws IOException {
    int labelWidth = Integer.toString(results.size()).length();
    StringBuilder head = new StringBuilder(" ".repeat(labelWidth));
    for (int i = 1; i <= results.size(); i++) {
      head.append(String.format(Locale.ROOT, "%" + COLUMN_WIDTH + "d", i));
    }
    out.line(head + "  " + similarity.name().toLowerCase(Locale.ROOT));
    for (Embedder.Result result : results) {
      StringBuilder line = new StringBuilder();
      line.append(String.format(Locale.ROOT, "%" + labelWidth + "d", result.index() + 1));
      for (double value : row(result, results, similarity)) {
        line.append(String.format(Locale.ROOT, "%" + COLUMN_WIDTH + ".4f", value));
      }
      out.line(line + "  " + Display.line(result.text()));
    }
  }

  private static double[] row(
      Embedder.Result one, List<Embedder.Result> all, Similarity similarity) {
    return all.stream()
        .mapToDouble(other -> similarity.of(one.embedding().vector(), other.embedding().vector()))
        .toArray();
  }
}
