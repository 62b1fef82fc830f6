package io.github.bunvec.cli;

import io.github.bunvec.engine.EmbeddingModel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bunvec bench}. */
@Command(
    name = "bench",
    description = "Measures how fast a model runs here, beside what this machine can do at best.",
    footer = {
      "",
      "Figures of a machine that does other work at the same time are of little use; each is compared",
      "with the machine's ceiling of the same moment, which helps some. The project's own benchmarks,",
      "with other libraries beside, are in its folder bench."
    })
final class BenchCommand implements Callable<Integer> {

  private static final String FIRST_TEXT = "今日は良い天気です。";
  private static final double QUICK_SECONDS = 15;

  private final Console console;
  @Mixin private final RunOptions options = new RunOptions();

  /** How long it takes is said by one of them. */
  static final class Time {
    @Option(
        names = "--seconds",
        paramLabel = "N",
        description = "About how long to measure. Default: 120.")
    private @Nullable Double seconds;

    @Option(names = "--quick", description = "The same as --seconds 15.")
    private boolean quick;
  }

  @ArgGroup private @Nullable Time time;

  @Option(names = "--json", description = "Print one JSON object instead of tables.")
  private boolean json;

  BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return options.run(console, this::measure);
  }

  private void measure(RunStatistics statistics) throws IOException {
    double seconds = seconds();
    long start = System.nanoTime();
    try (EmbeddingModel model = options.load(statistics)) {
      long loaded = System.nanoTime();
      model.embed(FIRST_TEXT);
      long first = System.nanoTime();
      double sinceStart = sinceStart(first);
      if (console.terminalError()) {
        console.err().printf("bunvec: measuring for about %.0f seconds ...%n", seconds);
      }
      BenchRun run = new BenchRun(model, BenchTexts.read(), seconds);
      run.run();
      BenchReport report =
          new BenchReport(
              BenchMachine.here(),
              model.info(),
              run,
              (loaded - start) * 1e-9,
              (first - loaded) * 1e-9,
              sinceStart);
      ResultStream out = ResultStream.standardOutput(console.out());
      out.line(json ? report.json() : report.text());
      out.flush();
    }
  }

  private double seconds() {
    Time chosen = time;
    if (chosen == null) {
      return 120;
    }
    if (chosen.quick) {
      return QUICK_SECONDS;
    }
    Double seconds = chosen.seconds;
    if (seconds == null || !(seconds >= 1 && seconds <= 86_400)) {
      throw CommandException.usage(
          "--seconds is " + seconds + ", expected 1 to 86400; see bunvec bench --help");
    }
    return seconds;
  }

  /** Seconds from the start of the JVM, by its own clock, to a moment of System.nanoTime. */
  private static double sinceStart(long moment) {
    long uptime = ManagementFactory.getRuntimeMXBean().getUptime(); // ms; the bean takes some 30
    return uptime * 1e-3 - (System.nanoTime() - moment) * 1e-9;
  }
}
