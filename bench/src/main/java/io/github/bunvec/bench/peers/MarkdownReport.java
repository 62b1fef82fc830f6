package io.github.bunvec.bench.peers;

import io.github.bunvec.bench.peers.Outcome.Entry;
import io.github.bunvec.bench.peers.Statistics.Quartiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.DoubleStream;

/** Writes outcomes as tables in Markdown: one for each section and number of threads. */
final class MarkdownReport {

  private final StringBuilder out = new StringBuilder();

  private MarkdownReport() {}

  /** Returns the report. */
  static String of(Map<String, String> header, List<Outcome> outcomes) {
    MarkdownReport report = new MarkdownReport();
    header.forEach((key, value) -> report.out.append("* %s: %s%n".formatted(key, value)));
    report.out.append(
        """

        Medians of rounds; in brackets the quartiles of the ratios within each round. The share is
        of what the FMA units of as many threads did at once in the same round. Padding is not
        counted as work. In whole models bunvec starts at texts, the others at token ids.
        """);
    Map<String, List<Outcome>> tables = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      String threads = outcome.threads() == 1 ? "one thread" : outcome.threads() + " threads";
      tables
          .computeIfAbsent(outcome.section() + ", " + threads, key -> new ArrayList<>())
          .add(outcome);
    }
    tables.forEach(report::table);
    return report.out.toString();
  }

  private void table(String title, List<Outcome> outcomes) {
    Set<String> own = new LinkedHashSet<>();
    for (Outcome outcome : outcomes) {
      outcome.entries().stream().filter(Entry::own).map(Entry::name).forEach(own::add);
    }
    out.append("%n### %s%n%n".formatted(capitalised(title)));
    out.append("FMA ceiling: %s GFLOP/s".formatted(ceiling(outcomes)));
    out.append(" (one thread alone %s).%n%n".formatted(coreCeiling(outcomes)));
    StringJoiner head = new StringJoiner(" | ", "| ", " |\n");
    boolean texts = !outcomes.getFirst().section().equals(GemmContests.SECTION);
    head.add("work").add("who").add("time").add("GFLOP/s").add("share");
    if (texts) {
      head.add("texts/s");
    }
    own.forEach(name -> head.add(name + " is"));
    out.append(head).append("|").repeat(" --- |", (texts ? 6 : 5) + own.size()).append('\n');
    for (Outcome outcome : outcomes) {
      String work = outcome.name();
      for (Entry entry : outcome.entries()) {
        row(outcome, entry, work, own);
        work = "";
      }
    }
  }

  private void row(Outcome outcome, Entry entry, String work, Set<String> own) {
    double seconds = Statistics.median(entry.seconds());
    double gflops = Statistics.median(outcome.gflops(entry));
    StringJoiner row = new StringJoiner(" | ", "| ", " |\n");
    row.add(work).add(entry.own() ? "**" + entry.name() + "**" : entry.name());
    row.add(time(seconds)).add(number("%.0f", gflops));
    row.add(number("%.0f %%", 100 * outcome.share(entry).median()));
    if (!outcome.section().equals(GemmContests.SECTION)) {
      row.add(significant((outcome.single() ? 1 : outcome.texts()) / seconds));
    }
    for (String name : own) {
      row.add(
          outcome.entries().stream()
              .filter(ours -> ours.name().equals(name) && !name.equals(entry.name()))
              .map(ours -> ratio(Outcome.speedUp(ours, entry)))
              .findFirst()
              .orElse(""));
    }
    out.append(row);
  }

  private static String ceiling(List<Outcome> outcomes) {
    double[] all = outcomes.stream().flatMapToDouble(o -> stream(o.ceiling())).toArray();
    return range(Statistics.quartiles(all));
  }

  private static String coreCeiling(List<Outcome> outcomes) {
    double[] all = outcomes.stream().flatMapToDouble(o -> stream(o.coreCeiling())).toArray();
    return range(Statistics.quartiles(all));
  }

  private static DoubleStream stream(double[] values) {
    return Arrays.stream(values);
  }

  private static String range(Quartiles q) {
    return number("%.0f", q.median()) + number(" [%.0f to ", q.low()) + number("%.0f]", q.high());
  }

  private static String ratio(Quartiles q) {
    return number("%.2f×", q.median()) + number(" [%.2f to ", q.low()) + number("%.2f]", q.high());
  }

  private static String time(double seconds) {
    if (seconds < 1e-3) {
      return significant(seconds * 1e6) + " µs";
    }
    return seconds < 1 ? significant(seconds * 1e3) + " ms" : significant(seconds) + " s";
  }

  /** Three digits that say something. */
  private static String significant(double value) {
    if (value >= 1000) {
      return number("%,.0f", value);
    }
    return number(value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String capitalised(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
