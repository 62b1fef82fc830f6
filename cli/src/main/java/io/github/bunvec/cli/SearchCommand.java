package io.github.bunvec.cli;

import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.engine.Similarity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bunvec search}. */
@Command(
    name = "search",
    description = "Finds the texts of a file that are closest to a query.",
    footer = {
      "",
      "Formats:",
      "  text   score, line number, text",
      "  jsonl  one object for each text found, best first: score, line, text"
    })
final class SearchCommand implements Callable<Integer> {

  /** A text of the corpus and how close it is. */
  private record Hit(double score, long line, String text) {}

  /** Best first; of equals the one that stands first in the file. */
  private static final Comparator<Hit> BEST_FIRST =
      Comparator.comparingDouble(Hit::score).reversed().thenComparingLong(Hit::line);

  private final Console console;

  @Parameters(paramLabel = "QUERY", description = "What to look for.")
  private String query = "";

  @Option(
      names = "--corpus",
      paramLabel = "FILE|-",
      required = true,
      description = "Texts to search, one in each line, in UTF-8; - for standard input.")
  private @Nullable Path corpus;

  @Option(
      names = "--input-format",
      paramLabel = "text|jsonl",
      description = "Format of the corpus, as of embed --input.")
  private @Nullable InputFormat inputFormat;

  @Option(names = "--top", paramLabel = "K", description = "How many to print. Default: 10.")
  private int top = 10;

  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final RunOptions options = new RunOptions();

  SearchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return options.run(console, this::search);
  }

  private void search(RunStatistics statistics) throws IOException {
    OutputFormat format = output.format(OutputFormat.TEXT, OutputFormat.JSONL);
    Path file = corpus;
    if (file == null || top < 1) {
      throw CommandException.usage("--top is " + top + ", expected at least 1");
    }
    try (TextSource texts = InputOptions.open(file, inputFormat, console);
        EmbeddingModel model = options.load(statistics)) {
      List<Hit> hits = best(texts, model, statistics);
      try (ResultStream out = output.open(console, file)) {
        int lineWidth =
            hits.stream().mapToInt(h -> Long.toString(h.line()).length()).max().orElse(1);
        for (Hit hit : hits) {
          out.line(format == OutputFormat.JSONL ? json(hit) : row(hit, lineWidth));
        }
      }
    }
  }

  private List<Hit> best(TextSource texts, EmbeddingModel model, RunStatistics statistics)
      throws IOException {
    PriorityQueue<Hit> hits = new PriorityQueue<>(BEST_FIRST.reversed());
    try (ProgressBar progress = new ProgressBar(console)) {
      Embedder queries = new Embedder(model, options.promptOr("query", model), statistics);
      Embedder documents = new Embedder(model, options.promptOr("document", model), statistics);
      List<Embedder.Result> asked = new ArrayList<>();
      ArgumentTexts argument = new ArgumentTexts(List.of(query));
      queries.all(argument, progress, asked::addAll);
      float[] wanted = asked.getFirst().embedding().vector();
      Similarity similarity = model.info().similarity();
      documents.all(
          texts,
          progress,
          results -> {
            for (Embedder.Result result : results) {
              double score = similarity.of(wanted, result.embedding().vector());
              hits.add(new Hit(score, result.index() + 1, result.text()));
              if (hits.size() > top) {
                hits.poll();
              }
            }
          });
    }
    return hits.stream().sorted(BEST_FIRST).toList();
  }

  private static String json(Hit hit) {
    return new JsonLine()
        .add("score", hit.score())
        .add("line", hit.line())
        .add("text", hit.text())
        .toString();
  }

  private static String row(Hit hit, int lineWidth) {
    return String.format(
        Locale.ROOT,
        "%.4f  %" + lineWidth + "d  %s",
        hit.score(),
        hit.line(),
        Display.line(hit.text()));
  }
}
