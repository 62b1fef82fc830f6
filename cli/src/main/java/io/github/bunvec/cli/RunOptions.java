package io.github.bunvec.cli;

import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.engine.EmbeddingModelBuilder;
import io.github.bunvec.engine.ModelTokenizer;
import io.github.bunvec.engine.Profile;
import io.github.bunvec.engine.TruncationPolicy;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.WeightType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which model runs and how, and what is said about the run; shared by all commands. */
final class RunOptions {

  /** The work of a command. */
  interface Work {
    void run(RunStatistics statistics) throws IOException;
  }

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "Model directory, or ORG/NAME[@REVISION] of the Hugging Face Hub."
              + " Default: the bundled bunvec-mini-ja.")
  private @Nullable String model;

  @Option(
      names = "--backend",
      paramLabel = "auto|cpu|reference|cuda[:...]",
      description =
          "What computes; behind a colon parameters of that backend, as in cuda:0,1. Default: auto.")
  private String backend = "auto";

  @Option(
      names = "--dtype",
      paramLabel = "fp32|bf16",
      description = "How weights are kept in memory. Default: as the model stores them.")
  private @Nullable WeightType weightType;

  @Option(
      names = "--arithmetic",
      paramLabel = "fp32|tf32|bf16|auto",
      description =
          "What linear layers are multiplied in; tf32: on a GPU only;"
              + " auto: bf16 where the processor or GPU is faster at it. Default: fp32.")
  private Arithmetic arithmetic = Arithmetic.FP32;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that compute. Default: the number of physical cores.")
  private @Nullable Integer threads;

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description = "Tokens of a text, special tokens included. Default: the model's.")
  private @Nullable Integer maxLength;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description =
          "Prepare texts as transformers or as sentence-transformers does."
              + " Default: sentence-transformers if there is a modules.json.")
  private @Nullable Profile profile;

  @Option(
      names = "--dictionary",
      paramLabel = "DIR",
      description =
          "MeCab dictionary directory, with sys.dic. Default: the one the model names,"
              + " see bunvec dictionary list.")
  private @Nullable Path dictionary;

  @Option(
      names = "--normalize",
      negatable = true,
      description = "Divide vectors by their length, or do not. Default: as modules.json says.")
  private @Nullable Boolean normalize;

  @Option(
      names = "--truncate-dim",
      paramLabel = "N",
      description = "Keep the first N values of a vector. Default: as the model says, or all.")
  private @Nullable Integer truncateDim;

  /** A prompt is named or given, not both. */
  static final class PromptChoice {
    @Option(
        names = "--prompt-name",
        paramLabel = "NAME",
        description =
            "Put this prompt of the model in front of each text; info lists them."
                + " Default: the one the model names as its default.")
    private @Nullable String name;

    @Option(
        names = "--prompt",
        paramLabel = "TEXT",
        description = "Put this text in front of each text; '' for none.")
    private @Nullable String text;
  }

  @ArgGroup private @Nullable PromptChoice prompt;

  @Option(
      names = "--on-too-long",
      paramLabel = "truncate|error",
      description = "What happens to texts over the maximum length. Default: truncate.")
  private TruncationPolicy onTooLong = TruncationPolicy.TRUNCATE;

  @Option(
      names = "--stats",
      description = "Say what was done in one JSON line, the last on standard error.")
  private boolean stats;

  private @Nullable Console console;

  TruncationPolicy onTooLong() {
    return onTooLong;
  }

  /** Returns the prompt asked for, or the model's own of a name where none was. */
  String promptOr(String name, EmbeddingModel loaded) {
    return prompt == null ? loaded.prompt(name) : loaded.info().prompt();
  }

  /** Runs the work, reports its failure and what was done, and returns the exit code. */
  int run(Console console, Work work) {
    this.console = console;
    RunStatistics statistics = new RunStatistics();
    int exitCode = ExitCode.OK;
    try {
      work.run(statistics);
    } catch (IOException | RuntimeException | Error e) {
      exitCode = Failures.report(e, console);
    }
    if (stats) {
      console.err().println(statistics.json());
    } else if (statistics.anyTruncated() && exitCode != ExitCode.BROKEN_PIPE) {
      console.err().println("bunvec: warning: " + statistics.warning());
    }
    if (exitCode == ExitCode.OK) {
      ClassArchive.make(console);
    }
    return exitCode;
  }

  EmbeddingModel load(RunStatistics statistics) throws IOException {
    long start = System.nanoTime();
    EmbeddingModel loaded = load(EmbeddingModelBuilder::build);
    statistics.loaded(System.nanoTime() - start, loaded.info().maxLength());
    return loaded;
  }

  /** Loads the tokenizer without the weights. */
  ModelTokenizer loadTokenizer(RunStatistics statistics) throws IOException {
    long start = System.nanoTime();
    ModelTokenizer loaded = load(EmbeddingModelBuilder::buildTokenizer);
    statistics.loaded(System.nanoTime() - start, loaded.maxLength());
    return loaded;
  }

  /** What is loaded of a model. */
  private interface Loading<T> {
    T load(EmbeddingModelBuilder builder) throws IOException;
  }

  private <T> T load(Loading<T> loading) throws IOException {
    EmbeddingModelBuilder builder = builder();
    try (DownloadReport report = new DownloadReport(Objects.requireNonNull(console))) {
      return loading.load(builder.downloadListener(report));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw CommandException.badInput(String.valueOf(e.getMessage()));
    }
  }

  private EmbeddingModelBuilder builder() {
    String name = model;
    EmbeddingModelBuilder builder =
        name == null ? EmbeddingModel.bundled("mini-ja") : EmbeddingModel.builder(name);
    builder.backend(backend).arithmetic(arithmetic).truncation(onTooLong);
    if (weightType != null) {
      builder.weightType(weightType);
    }
    if (profile != null) {
      builder.profile(profile);
    }
    if (dictionary != null) {
      builder.dictionary(dictionary);
    }
    if (normalize != null) {
      builder.normalize(normalize);
    }
    PromptChoice choice = prompt;
    if (choice != null && choice.name != null) {
      builder.promptName(choice.name);
    } else if (choice != null && choice.text != null) {
      builder.prompt(choice.text);
    }
    try {
      if (truncateDim != null) {
        builder.truncateDim(truncateDim);
      }
      if (threads != null) {
        builder.threads(threads);
      }
      if (maxLength != null) {
        builder.maxLength(maxLength);
      }
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
    return builder;
  }
}
