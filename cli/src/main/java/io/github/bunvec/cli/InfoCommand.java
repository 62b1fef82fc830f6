package io.github.bunvec.cli;

import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.engine.ModelInfo;
import io.github.bunvec.loader.PoolingMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bunvec info}. */
@Command(name = "info", description = "Says which model runs, how, and why so.")
final class InfoCommand implements Callable<Integer> {

  private final Console console;
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final RunOptions options = new RunOptions();

  InfoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return options.run(console, this::show);
  }

  private void show(RunStatistics statistics) throws IOException {
    OutputFormat format = output.format(OutputFormat.TEXT, OutputFormat.JSON, OutputFormat.JSONL);
    try (EmbeddingModel model = options.load(statistics);
        ResultStream out = output.open(console, null)) {
      out.line(format == OutputFormat.TEXT ? text(model.info()) : json(model.info()));
    }
  }

  private static String text(ModelInfo info) {
    String dictionary = info.dictionary();
    List<String> lines =
        List.of(
            row("bunvec", BunvecCommand.version() + ", Java " + Runtime.version()),
            row("model", Display.line(info.source())),
            row(
                "encoder",
                "%s, %d layers, hidden size %d, %d token ids"
                    .formatted(
                        info.architecture(),
                        info.layers(),
                        info.hiddenSize(),
                        info.vocabularySize())),
            row("tokenizer", Display.line(info.tokenizer())),
            row("dictionary", dictionary == null ? "none" : Display.line(dictionary)),
            row("profile", "%s (%s)".formatted(info.profile().libraryName(), info.profileReason())),
            row("backend", "%s (%s)".formatted(info.backend(), info.backendReason())),
            row("weights", Display.line(info.weights())),
            row("dtype", lower(info.weightType())),
            row("arithmetic", lower(info.arithmetic())),
            row("threads", Integer.toString(info.threads())),
            row(
                "max length",
                "%d tokens, longer texts: %s"
                    .formatted(info.maxLength(), lower(info.truncation()))),
            row("modules", String.join(", ", info.modules())),
            row(
                "pooling",
                "%s, %s"
                    .formatted(
                        String.join(" + ", poolings(info)),
                        info.normalize() ? "normalized" : "not normalized")),
            row("prompt", prompt(info)),
            row("prompts", prompts(info)),
            row("similarity", lower(info.similarity())),
            row("dimension", Integer.toString(info.dimension())),
            row("memory", memory(info)));
    return String.join("\n", lines);
  }

  private static String prompt(ModelInfo info) {
    String text = info.prompt().isEmpty() ? "none" : '"' + Display.line(info.prompt()) + '"';
    return "%s (%s)".formatted(text, Display.line(info.promptReason()));
  }

  private static String prompts(ModelInfo info) {
    List<String> all = new ArrayList<>();
    info.prompts()
        .forEach((name, text) -> all.add(Display.line(name) + " \"" + Display.line(text) + '"'));
    return String.join(", ", all);
  }

  private static String row(String name, String value) {
    return "%-11s %s".formatted(name, value);
  }

  private static String memory(ModelInfo info) {
    OptionalLong peak = RunStatistics.peakResidentBytes();
    return String.format(
        Locale.ROOT,
        "%.1f MiB of weights and buffers%s, heap may grow to %d MiB",
        info.memoryBytes() / 0x1p20,
        peak.isPresent() ? ", process %d MiB".formatted(peak.getAsLong() >> 20) : "",
        Runtime.getRuntime().maxMemory() >> 20);
  }

  private static String json(ModelInfo info) {
    return new JsonLine()
        .add("version", BunvecCommand.version())
        .add("java", Runtime.version().toString())
        .add("model", info.source())
        .add("architecture", info.architecture())
        .add("layers", info.layers())
        .add("hidden_size", info.hiddenSize())
        .add("vocabulary_size", info.vocabularySize())
        .add("tokenizer", info.tokenizer())
        .add("dictionary", info.dictionary())
        .add("profile", info.profile().libraryName())
        .add("profile_reason", info.profileReason())
        .add("backend", info.backend())
        .add("backend_reason", info.backendReason())
        .add("weights", info.weights())
        .add("dtype", lower(info.weightType()))
        .add("arithmetic", lower(info.arithmetic()))
        .add("threads", info.threads())
        .add("max_length", info.maxLength())
        .add("on_too_long", lower(info.truncation()))
        .add("modules", info.modules())
        .add("pooling", poolings(info))
        .add("normalize", info.normalize())
        .add("prompt", info.prompt())
        .add("prompt_reason", info.promptReason())
        .add("prompts", info.prompts())
        .add("similarity", lower(info.similarity()))
        .add("dimension", info.dimension())
        .add("memory_bytes", info.memoryBytes())
        .add("max_heap_bytes", Runtime.getRuntime().maxMemory())
        .toString();
  }

  private static List<String> poolings(ModelInfo info) {
    return info.pooling().stream().map(PoolingMode::modeName).toList();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
