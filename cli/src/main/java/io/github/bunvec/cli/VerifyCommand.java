package io.github.bunvec.cli;

import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.engine.ModelInfo;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bunvec verify}. */
@Command(
    name = "verify",
    description = "Compares vectors and token ids with a reference, for example one of Python.",
    footer = {
      "",
      "A reference is a file of JSON lines with text, embedding and, if known, ids and tokens; or a"
          + " NumPy array (.npy: float16, float32 or float64, [texts, dimension]) and its texts."
          + " tools/golden/make_reference.py makes one from any model.",
      "A text differs if its ids differ or its vector is beyond the limits. Exit code 4 if one does.",
      "",
      "Formats:",
      "  text         a table, and the first text that differs with both lists of tokens",
      "  json, jsonl  the same as one object"
    })
final class VerifyCommand implements Callable<Integer> {

  private static final double FP32_TOLERANCE = 5e-6;
  private static final double BF16_COSINE = 0.9998;

  private final Console console;

  @Option(
      names = "--reference",
      paramLabel = "FILE",
      required = true,
      description = "JSON lines, or a NumPy array if the name ends in .npy.")
  private @Nullable Path reference;

  @Option(
      names = "--texts",
      paramLabel = "FILE",
      description =
          "The texts of a .npy reference: one in each line, or JSON lines with text, ids and tokens"
              + " if the name ends in .jsonl.")
  private @Nullable Path texts;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description =
          "Greatest difference of a component of unit vectors allowed."
              + " Default: 5e-6 with FP32 weights unless --min-cosine is given.")
  private @Nullable Double tolerance;

  @Option(
      names = "--min-cosine",
      paramLabel = "X",
      description =
          "Least cosine allowed. Default: 0.9998 with BF16 weights unless --tolerance is given.")
  private @Nullable Double minCosine;

  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final RunOptions options = new RunOptions();

  VerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return options.run(console, this::verify);
  }

  private void verify(RunStatistics statistics) throws IOException {
    OutputFormat format = output.format(OutputFormat.TEXT, OutputFormat.JSON, OutputFormat.JSONL);
    Path file = reference;
    if (file == null) {
      throw CommandException.usage("--reference is missing");
    }
    requireSense();
    try (ReferenceTexts source = ReferenceTexts.open(file, texts);
        EmbeddingModel model = options.load(statistics)) {
      Verification verification = new Verification(limits(model.info()), new ModelTokens(model));
      try (ProgressBar progress = new ProgressBar(console)) {
        new Embedder(model, statistics)
            .all(source, progress, results -> compare(results, source, verification));
      }
      if (verification.texts() == 0) {
        throw CommandException.badInput(file + ": is empty, expected texts and their vectors");
      }
      VerificationReport report = new VerificationReport(verification, file.toString());
      try (ResultStream out = output.open(console, file)) {
        out.line(format == OutputFormat.TEXT ? report.text() : report.json());
      }
      if (verification.different() > 0) {
        throw CommandException.verificationFailed(report.failure());
      }
    }
  }

  private static void compare(
      List<Embedder.Result> results, ReferenceTexts source, Verification verification) {
    for (Embedder.Result result : results) {
      verification.compare(
          source.where(result.index()), source.take(), result.embedding().vector());
    }
  }

  private void requireSense() {
    if (tolerance != null && !(tolerance >= 0)) {
      throw CommandException.usage("--tolerance is " + tolerance + ", expected 0 or more");
    }
    if (minCosine != null && !(Math.abs(minCosine) <= 1)) {
      throw CommandException.usage("--min-cosine is " + minCosine + ", expected -1 to 1");
    }
  }

  /** BF16 and TF32 move components by more than any tolerance that would still find mistakes. */
  private Verification.Limits limits(ModelInfo info) {
    boolean exact = info.weightType() == WeightType.FP32 && info.arithmetic() == Arithmetic.FP32;
    boolean byDefault = tolerance == null && minCosine == null;
    double difference = byDefault && exact ? FP32_TOLERANCE : Double.MAX_VALUE;
    double cosine = byDefault && !exact ? BF16_COSINE : -1;
    return new Verification.Limits(
        tolerance == null ? difference : tolerance, minCosine == null ? cosine : minCosine);
  }

  /** Tokens as the model sees them: prepared and cut by its profile. */
  private record ModelTokens(EmbeddingModel model) implements Verification.Tokens {
    @Override
    public int[] ids(String text) {
      return model.tokenizer().encode(model.prepare(text), model.info().maxLength()).ids();
    }

    @Override
    public List<String> of(int[] ids) {
      return Arrays.stream(ids).mapToObj(this::token).toList();
    }

    /** A reference may have ids this model has not. */
    private String token(int id) {
      Tokenizer tokenizer = model.tokenizer();
      boolean known = id >= 0 && id < tokenizer.vocabularySize();
      return known ? tokenizer.token(id) : "#" + id;
    }
  }
}
