package io.github.bunvec.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says what a verification found, for people and for programs. */
record VerificationReport(Verification verification, String reference) {

  /** One line: what standard error says. */
  String failure() {
    return "%d of %d texts differ from %s"
        .formatted(verification.different(), verification.texts(), reference);
  }

  String text() {
    Verification v = verification;
    List<String> lines = new ArrayList<>();
    lines.add(row("texts", Long.toString(v.texts())));
    lines.add(row("texts that differ", Long.toString(v.different())));
    lines.add(row("max difference", small(v.maxDifference())));
    lines.add(row("max difference of unit vectors", small(v.maxUnitDifference())));
    lines.add(row("min cosine", cosine(v.minCosine())));
    lines.add(row("mean cosine", cosine(v.meanCosine())));
    lines.add(
        row(
            "texts with other ids",
            v.idsCompared() == 0
                ? "unknown, the reference has none"
                : v.idsDifferent() + " of " + v.idsCompared()));
    lines.add(row("limits", limits(v.limits())));
    Verification.Difference first = v.first();
    if (first != null) {
      lines.add("");
      lines.add(row("first text that differs", first.where()));
      lines.add(row("  text", Display.line(first.text())));
      lines.add(row("  difference of unit vectors", small(first.unitDifference())));
      lines.add(row("  cosine", cosine(first.cosine())));
      addTokens(lines, "  reference's tokens", first.expected());
      addTokens(lines, "  tokens", first.actual());
    }
    return String.join("\n", lines);
  }

  String json() {
    Verification v = verification;
    JsonLine json =
        new JsonLine()
            .add("reference", reference)
            .add("texts", v.texts())
            .add("different", v.different())
            .add("max_difference", v.maxDifference())
            .add("max_unit_difference", v.maxUnitDifference())
            .add("min_cosine", v.minCosine())
            .add("mean_cosine", v.meanCosine())
            .add("ids_compared", v.idsCompared())
            .add("ids_different", v.idsDifferent());
    addLimit(json, "tolerance", v.limits().unitDifference(), Double.MAX_VALUE);
    addLimit(json, "min_cosine_allowed", v.limits().cosine(), -1);
    Verification.Difference first = v.first();
    if (first == null) {
      return json.addNull("first_different").toString();
    }
    JsonLine difference =
        new JsonLine()
            .add("where", first.where())
            .add("text", first.text())
            .add("unit_difference", first.unitDifference())
            .add("cosine", first.cosine())
            .add("same_ids", first.sameIds());
    addTokens(difference, "reference_tokens", first.expected());
    addTokens(difference, "tokens", first.actual());
    return json.add("first_different", difference).toString();
  }

  private static String limits(Verification.Limits limits) {
    List<String> words = new ArrayList<>();
    if (limits.unitDifference() != Double.MAX_VALUE) {
      words.add("difference of unit vectors at most " + small(limits.unitDifference()));
    }
    if (limits.cosine() > -1) {
      words.add("cosine at least " + limits.cosine());
    }
    return words.isEmpty() ? "none" : String.join(", ", words);
  }

  private static void addLimit(JsonLine json, String name, double limit, double none) {
    if (limit == none) {
      json.addNull(name);
    } else {
      json.add(name, limit);
    }
  }

  private static void addTokens(List<String> lines, String name, @Nullable List<String> tokens) {
    if (tokens != null) {
      lines.add(row(name, Display.line(String.join(" ", tokens))));
    }
  }

  private static void addTokens(JsonLine json, String name, @Nullable List<String> tokens) {
    if (tokens == null) {
      json.addNull(name);
    } else {
      json.add(name, tokens);
    }
  }

  private static String row(String name, String value) {
    return "%-31s %s".formatted(name, value);
  }

  private static String small(double value) {
    return String.format(Locale.ROOT, "%.2e", value);
  }

  private static String cosine(double value) {
    return String.format(Locale.ROOT, "%.8f", value);
  }
}
