package io.github.bunvec.bench.peers;

import io.github.bunvec.bench.peers.BarChart.Bar;
import io.github.bunvec.bench.peers.BarChart.Group;
import io.github.bunvec.bench.peers.Outcome.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The chart of whole models: who gets how much of the FMA ceiling, at the greatest number of
 * threads. What computes in FP32 only: an instruction for BF16 has another ceiling.
 */
final class ModelChart {

  private static final String PREFIX = "ONNX Runtime";

  private ModelChart() {}

  /** Draws the outcomes of whole models. */
  static String of(Map<String, String> header, List<Outcome> outcomes) {
    int threads = outcomes.stream().mapToInt(Outcome::threads).max().orElse(1);
    List<Group> groups = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome.threads() == threads && !outcome.section().equals(GemmContests.SECTION)) {
        groups.add(group(outcome));
      }
    }
    String note =
        "Share of the FMA ceiling, FP32, "
            + (threads == 1 ? "one thread" : threads + " threads")
            + "; padding is not work. "
            + header.getOrDefault("processor", "");
    return BarChart.svg("BERT-base on the JVM: how much of the processor is used", note, groups);
  }

  private static Group group(Outcome outcome) {
    List<Bar> bars = new ArrayList<>();
    for (Entry entry : outcome.entries()) {
      if (entry.own() && entry.agreement() == Agreement.FP32) {
        bars.add(bar(outcome, entry, entry.name()));
      }
    }
    bestOnnx(outcome).ifPresent(entry -> bars.add(bar(outcome, entry, PREFIX)));
    for (Entry entry : outcome.entries()) {
      boolean onnx = entry.name().startsWith(PREFIX);
      if (!entry.own() && !onnx && entry.agreement() == Agreement.FP32) {
        bars.add(bar(outcome, entry, entry.name()));
      }
    }
    String title =
        outcome.section().startsWith("equal")
            ? outcome.name() + " tokens, " + outcome.section()
            : outcome.section() + ", " + outcome.name();
    return new Group(title, bars);
  }

  private static Optional<Entry> bestOnnx(Outcome outcome) {
    return outcome.entries().stream()
        .filter(entry -> entry.name().startsWith(PREFIX))
        .min(Comparator.comparingDouble(entry -> Statistics.median(entry.seconds())));
  }

  private static Bar bar(Outcome outcome, Entry entry, String label) {
    double share = outcome.share(entry).median();
    double seconds = Statistics.median(entry.seconds());
    String rate =
        outcome.single() || outcome.texts() == 1
            ? String.format(Locale.ROOT, "%.1f ms", seconds * 1e3)
            : String.format(Locale.ROOT, "%.1f texts/s", outcome.texts() / seconds);
    String text = String.format(Locale.ROOT, "%.0f %% · %s", share * 100, rate);
    return new Bar(label, share, text, entry.own());
  }
}
