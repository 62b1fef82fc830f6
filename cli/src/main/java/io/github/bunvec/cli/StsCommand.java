package io.github.bunvec.cli;

import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.engine.Similarity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bunvec eval sts}. */
@Command(
    name = "sts",
    description = "Correlates similarities of pairs of texts with scores that people gave.",
    footer = {
      "",
      "A pair is a line of a file:",
      "  tsv    score, text, text, separated by tabs, without quotes; the first line may be a header",
      "  jsonl  an object with score (or label), sentence1 and sentence2 (or text1 and text2)",
      "",
      "Formats:",
      "  text         number of pairs, similarity, Spearman (equal values share their mean rank),"
          + " Pearson",
      "  json, jsonl  the same as one object, unrounded"
    })
final class StsCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(
      paramLabel = "FILE|-",
      arity = "1",
      description = "Pairs with scores, in UTF-8; - for standard input.")
  private @Nullable Path pairs;

  @Option(
      names = "--input-format",
      paramLabel = "tsv|jsonl",
      description = "Default: jsonl for names that end in .jsonl, else tsv.")
  private PairTexts.@Nullable Format inputFormat;

  @Option(
      names = "--similarity",
      paramLabel = "NAME",
      description = "cosine, dot, euclidean or manhattan. Default: the model's.")
  private @Nullable Similarity similarity;

  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final RunOptions options = new RunOptions();

  StsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return options.run(console, this::evaluate);
  }

  private void evaluate(RunStatistics statistics) throws IOException {
    OutputFormat format = output.format(OutputFormat.TEXT, OutputFormat.JSON, OutputFormat.JSONL);
    Path file = pairs;
    if (file == null) {
      throw CommandException.usage("FILE is missing");
    }
    try (PairTexts texts = PairTexts.open(file, inputFormat, console);
        EmbeddingModel model = options.load(statistics)) {
      Similarity function = similarity == null ? model.info().similarity() : similarity;
      Similarities similarities = new Similarities(function);
      try (ProgressBar progress = new ProgressBar(console)) {
        new Embedder(model, statistics).all(texts, progress, similarities::accept);
      }
      double[] scores = texts.scores();
      double[] ours = similarities.values.toArray();
      double spearman = correlation(Correlation.spearman(scores, ours), scores, file);
      double pearson = correlation(Correlation.pearson(scores, ours), scores, file);
      try (ResultStream out = output.open(console, file)) {
        out.line(
            format == OutputFormat.TEXT
                ? text(scores.length, function, spearman, pearson)
                : json(scores.length, function, spearman, pearson));
      }
    }
  }

  private static double correlation(double value, double[] scores, Path file) {
    if (Double.isNaN(value)) {
      throw CommandException.badInput(
          "%s: %s; a correlation needs two or more pairs with different scores and similarities"
              .formatted(
                  file,
                  scores.length < 2
                      ? "has " + scores.length + " pairs"
                      : "all scores or all similarities are equal"));
    }
    return value;
  }

  private static String text(int pairs, Similarity function, double spearman, double pearson) {
    return String.format(
        Locale.ROOT,
        "pairs       %d\nsimilarity  %s\nspearman    %.4f\npearson     %.4f",
        pairs,
        function.name().toLowerCase(Locale.ROOT),
        spearman,
        pearson);
  }

  private static String json(int pairs, Similarity function, double spearman, double pearson) {
    return new JsonLine()
        .add("pairs", pairs)
        .add("similarity", function.name().toLowerCase(Locale.ROOT))
        .add("spearman", spearman)
        .add("pearson", pearson)
        .toString();
  }

  /** Compares the texts of a pair as soon as both are there; a chunk may end between them. */
  private static final class Similarities {

    private final Similarity function;
    private final DoubleList values = new DoubleList();
    private float[] first = {};

    Similarities(Similarity function) {
      this.function = function;
    }

    void accept(List<Embedder.Result> results) {
      for (Embedder.Result result : results) {
        float[] vector = result.embedding().vector();
        if (result.index() % 2 == 0) {
          first = vector;
        } else {
          values.add(function.of(first, vector));
        }
      }
    }
  }
}
