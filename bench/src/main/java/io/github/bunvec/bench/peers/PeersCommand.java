package io.github.bunvec.bench.peers;

import ai.onnxruntime.OrtException;
import com.google.gson.GsonBuilder;
import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.RandomModel;
import io.github.bunvec.bench.Sentences;
import io.github.bunvec.bench.Vocabularies;
import io.github.bunvec.engine.cpu.kernel.Ceiling;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code bench/peers}: bunvec and its peers side by side in one run. */
@Command(
    name = "bench/peers",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Measures bunvec and what users would take instead in one run, in turn, on the same weights,"
          + " token ids and processors. Refuses to start where results differ.",
      ""
    })
public final class PeersCommand implements Callable<Integer> {

  private static final long WINDOW = 50_000_000;
  private static final double GEMM_TURN = 0.2;

  /** What is measured. */
  enum Workload {
    EQUAL,
    MIXED,
    GEMM
  }

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "N",
      description = "Numbers of threads, one after the other; default 1 and all processors.")
  private List<Integer> threads = List.of();

  @Option(
      names = "--rounds",
      defaultValue = "7",
      description = "How often everyone has a turn; default ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--turn",
      defaultValue = "0.5",
      paramLabel = "SECONDS",
      description = "How long a turn lasts at least; default ${DEFAULT-VALUE}.")
  private double turn;

  @Option(
      names = "--workloads",
      split = ",",
      paramLabel = "NAME",
      description = "Some of equal, mixed, gemm; default equal,mixed.")
  private Set<Workload> workloads = EnumSet.of(Workload.EQUAL, Workload.MIXED);

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "NAME",
      description = "Some of onnxruntime, torch, openblas, onednn; default those of the workloads.")
  private Set<Runtimes> runtimes = EnumSet.noneOf(Runtimes.class);

  @Option(
      names = "--inputs",
      split = ",",
      paramLabel = "TEXTSxTOKENS",
      description = "Texts of equal lengths; default 1x16,1x32,1x128,32x32,8x128.")
  private List<String> inputs = List.of("1x16", "1x32", "1x128", "32x32", "8x128");

  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "M",
      description = "Rows of the matrix products; default 1,16,32,128,512,2048.")
  private List<Integer> rows = List.of(1, 16, 32, 128, 512, 2048);

  @Option(
      names = "--texts",
      paramLabel = "FILE",
      description = "Sentences for mixed lengths, one a line; default fifty that come with it.")
  private @Nullable Path texts;

  @Option(
      names = "--count",
      defaultValue = "400",
      description = "How many texts of mixed lengths; default ${DEFAULT-VALUE}.")
  private int count;

  @Option(
      names = "--model",
      defaultValue = "bert-base",
      description = "bert-base, mini-ja or tiny; default ${DEFAULT-VALUE}.")
  private String model = "bert-base";

  @Option(names = "--markdown", paramLabel = "FILE", description = "Also writes the tables there.")
  private @Nullable Path markdown;

  @Option(names = "--svg", paramLabel = "FILE", description = "Writes a chart of whole models.")
  private @Nullable Path svg;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes every round.")
  private @Nullable Path json;

  @Option(
      names = "--smoke",
      description = "A tiny model and ONNX Runtime alone: shows that it works, says no time.")
  private boolean smoke;

  private final PrintStream progress = System.err;
  private final List<Outcome> outcomes = new ArrayList<>();
  private Map<String, String> header = Map.of();

  /** Creates the command; picocli fills it. */
  public PeersCommand() {}

  /**
   * Runs the command.
   *
   * @param args the options
   */
  public static void main(String[] args) {
    CommandLine command = new CommandLine(new PeersCommand());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(command.execute(args));
  }

  @Override
  public Integer call() throws IOException, OrtException {
    String command = "bench/peers " + System.getProperty("bunvec.command", "");
    if (smoke) {
      model = "tiny";
      workloads = EnumSet.allOf(Workload.class);
      runtimes = EnumSet.of(Runtimes.ONNXRUNTIME);
      inputs = List.of("1x16", "4x8");
      count = 40;
      rounds = 2;
      turn = 0.001;
    }
    if (runtimes.isEmpty()) {
      runtimes =
          workloads.equals(EnumSet.of(Workload.GEMM))
              ? EnumSet.of(Runtimes.OPENBLAS, Runtimes.ONEDNN)
              : EnumSet.of(Runtimes.ONNXRUNTIME, Runtimes.TORCH);
    }
    if (runtimes.contains(Runtimes.TORCH) && runtimes.contains(Runtimes.ONEDNN)) {
      // Seen: with libtorch loaded, oneDNN takes five times as long on one thread.
      throw new IllegalArgumentException(
          "libtorch slows oneDNN down in one process; run --workloads gemm on its own");
    }
    header = Machine.describe(runtimes, command.strip());
    Ceiling.warmUp();
    for (int number : threadNumbers()) {
      if (workloads.contains(Workload.EQUAL) || workloads.contains(Workload.MIXED)) {
        models(number);
      }
      if (workloads.contains(Workload.GEMM)) {
        gemm(number);
      }
    }
    System.out.print(MarkdownReport.of(header, outcomes));
    return 0;
  }

  private List<Integer> threadNumbers() {
    int all = Machine.processors();
    if (!threads.isEmpty()) {
      return threads;
    }
    return all == 1 ? List.of(1) : List.of(1, all);
  }

  private void models(int number) throws IOException, OrtException {
    progress.printf(Locale.ROOT, "%s, %d threads: loading%n", model, number);
    try (RandomModel random = RandomModel.write(BertShape.named(model), Vocabularies.miniJa());
        ModelContests contests = new ModelContests(random, runtimes, number)) {
      Rounds turns = new Rounds(rounds, number, (long) (turn * 1e9), WINDOW);
      if (workloads.contains(Workload.EQUAL)) {
        for (String input : inputs) {
          contests.equalLengths(input, contest -> run(contest, turns));
        }
      }
      if (workloads.contains(Workload.MIXED)) {
        contests.mixedLengths(sentences(), count, contest -> run(contest, turns));
      }
    }
  }

  private void gemm(int number) {
    long nanos = (long) (Math.min(turn, GEMM_TURN) * 1e9);
    Rounds turns = new Rounds(rounds, number, nanos, WINDOW / 5);
    if (smoke) {
      GemmContests.one(33, 128, 64, runtimes, number, contest -> run(contest, turns));
    } else {
      GemmContests.all(rows, runtimes, number, contest -> run(contest, turns));
    }
  }

  private void run(Contest contest, Rounds turns) {
    progress.printf("%s: %s%n", contest.section(), contest.name());
    contest.requireAgreement();
    Outcome outcome = turns.run(contest);
    outcomes.add(outcome);
    for (Outcome.Entry entry : outcome.entries()) {
      double share = 100 * outcome.share(entry).median();
      progress.printf(Locale.ROOT, "  %-32s %6.1f %% of the ceiling%n", entry.name(), share);
    }
    // Anew after every contest: a run takes an hour and may be cut off.
    write();
  }

  private List<String> sentences() throws IOException {
    return texts == null ? Sentences.read() : Files.readAllLines(texts);
  }

  private void write() {
    try {
      writeFiles();
    } catch (IOException e) {
      throw new UncheckedIOException("results cannot be written", e);
    }
  }

  private void writeFiles() throws IOException {
    if (markdown != null) {
      Files.writeString(markdown, MarkdownReport.of(header, outcomes));
    }
    if (svg != null) {
      Files.writeString(svg, ModelChart.of(header, outcomes));
    }
    if (json != null) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("header", header);
      all.put("outcomes", outcomes);
      Files.writeString(
          json,
          new GsonBuilder().setPrettyPrinting().create().toJson(all) + System.lineSeparator());
    }
  }
}
