package io.github.bunvec.bench.gpu;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.engine.spi.BackendProvider;
import io.github.bunvec.kernels.cuda.CudaBackendProvider;
import io.github.bunvec.kernels.cuda.device.GpuException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code bench/gpu}: what an NVIDIA GPU reaches, in one run. */
@Command(
    name = "bench/gpu",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Measures an NVIDIA GPU's ceilings, bunvec's kernels and matrix products against them, whole"
          + " models and texts end to end, in one run; beside torch if asked to. Random weights.",
      ""
    })
public final class GpuCommand implements Callable<Integer> {

  private static final int REFUSED = 1;

  /** What is measured; the ceilings always are. */
  enum Part {
    KERNELS,
    LINEAR,
    ENCODER,
    TEXTS
  }

  @Option(
      names = "--check",
      description =
          "Measures nothing: compares small models with the backend reference; exit status 1 if"
              + " they differ.")
  private boolean check;

  @Option(
      names = "--parts",
      split = ",",
      paramLabel = "NAME",
      description = "Some of kernels, linear, encoder, texts; default all.")
  private Set<Part> parts = EnumSet.allOf(Part.class);

  @Option(
      names = "--models",
      split = ",",
      paramLabel = "NAME",
      description = "Some of bert-base, bert-large, mini-ja, tiny; default bert-base,bert-large.")
  private List<String> models = List.of("bert-base", "bert-large");

  @Option(
      names = "--tokens",
      defaultValue = "4096",
      description =
          "Tokens of a packed batch; whole models also take twice and four times as many; default"
              + " ${DEFAULT-VALUE}.")
  private int tokens;

  @Option(
      names = "--length",
      defaultValue = "32",
      description = "Tokens of each sequence; default ${DEFAULT-VALUE}.")
  private int length;

  @Option(
      names = "--rounds",
      defaultValue = "15",
      description = "How often each is measured; default ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "1",
      description = "How long whole models are measured at a time; default ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--callers",
      paramLabel = "N",
      description = "Threads that use a model at once; default one for each processor.")
  private int callers = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--device",
      defaultValue = "0",
      paramLabel = "N",
      description = "The GPU's number; default ${DEFAULT-VALUE}.")
  private int device;

  @Option(
      names = "--ceiling",
      defaultValue = "8192",
      paramLabel = "N",
      description = "Rows of the product that is the ceiling; default ${DEFAULT-VALUE}.")
  private int ceiling;

  @Option(
      names = "--texts",
      paramLabel = "FILE",
      description = "Sentences for mixed lengths, one a line; default fifty that come with it.")
  private @Nullable Path texts;

  @Option(
      names = "--torch",
      paramLabel = "PYTHON",
      description = "A Python with torch 2.9 and transformers 4.57, or later: measured in turns.")
  private @Nullable Path torch;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Also writes the tables there.")
  private @Nullable Path markdown;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes values with all digits.")
  private @Nullable Path json;

  @Spec private @Nullable CommandSpec spec;

  private final BackendProvider provider;
  private final PrintStream out;
  private final PrintStream err;

  /** Creates the command for this machine; picocli fills it. */
  public GpuCommand() {
    this(new CudaBackendProvider(), System.out, System.err);
  }

  /**
   * Creates the command.
   *
   * @param provider says whether there is a GPU
   * @param out receives results
   * @param err receives messages
   */
  GpuCommand(BackendProvider provider, PrintStream out, PrintStream err) {
    this.provider = provider;
    this.out = out;
    this.err = err;
  }

  /**
   * Runs the command.
   *
   * @param args the options
   */
  public static void main(String[] args) {
    System.exit(commandLine(new GpuCommand()).execute(args));
  }

  /** Returns what parses arguments. */
  static CommandLine commandLine(GpuCommand command) {
    return new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public Integer call() throws IOException {
    Settings settings = settings();
    Optional<String> missing = provider.unavailableReason();
    if (missing.isPresent()) {
      err.println("bench/gpu: there is no GPU to measure: " + missing.get());
      return REFUSED;
    }
    try {
      return check ? check(settings) : measure(settings);
    } catch (GpuException | IllegalStateException | IOException e) {
      err.println("bench/gpu: " + e.getMessage());
      return REFUSED;
    }
  }

  /** Returns the options, checked; what is wrong with them is told with the usage. */
  private Settings settings() {
    try {
      models.forEach(BertShape::named);
      if (ceiling < 64 || ceiling > 32_768 || ceiling % 8 != 0) {
        throw new IllegalArgumentException(
            "--ceiling is %d, expected a multiple of 8 from 64 to 32768".formatted(ceiling));
      }
      for (Path file : new Path[] {texts, torch}) {
        if (file != null && !Files.exists(file)) {
          throw new IllegalArgumentException(file + " does not exist");
        }
      }
      return new Settings(device, tokens, length, models, rounds, seconds, callers, err);
    } catch (IllegalArgumentException e) {
      CommandSpec own = spec;
      if (own == null) {
        throw e;
      }
      throw new ParameterException(own.commandLine(), e.getMessage(), e);
    }
  }

  private int check(Settings settings) throws IOException {
    GpuCheck all =
        new GpuCheck(
            MeasuredModel.cuda(settings.device(), settings.most()),
            MeasuredModel.named("reference"));
    boolean passed = all.run();
    out.print(all.table().markdown());
    return passed ? 0 : REFUSED;
  }

  private int measure(Settings settings) throws IOException {
    GpuReport report = new GpuReport(Hardware.describe(), markdown, json);
    new GpuRun(settings, parts, ceiling, texts, torch, report).run();
    out.print(report.markdown());
    return 0;
  }
}
