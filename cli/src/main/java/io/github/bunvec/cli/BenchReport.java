package io.github.bunvec.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.bunvec.engine.ModelInfo;
import java.util.Formatter;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What {@code bench} found, as tables and as JSON.
 *
 * @param loadSeconds reading files, laying out weights, the tokenizer
 * @param firstSeconds the first text after that, by kernels that are not compiled yet
 * @param sinceStartSeconds from the start of the JVM to the first vector
 */
record BenchReport(
    BenchMachine machine,
    ModelInfo model,
    BenchRun run,
    double loadSeconds,
    double firstSeconds,
    double sinceStartSeconds) {

  String text() {
    BenchCeilings.Sample most = run.ceilings();
    StringBuilder text = new StringBuilder();
    Formatter out = new Formatter(text, Locale.ROOT);
    out.format("bunvec    %s, Java %s%n", BunvecCommand.version(), machine.java());
    out.format("machine   %s, %d processors%n", Display.line(machine.cpu()), machine.processors());
    out.format(
        "vectors   %d bits (%s)%n",
        machine.vectorBits(), String.join(" ", machine.instructionSets()));
    out.format(
        "model     %s, %s, %d layers, hidden size %d%n",
        Display.line(model.source()), dtype(), model.layers(), model.hiddenSize());
    out.format("backend   %s%n", model.backend());
    out.format("%n%-24s %10s %10s%n", "threads", 1, model.threads());
    out.format("%-24s %10.1f %10.1f%n", "FMA ceiling, GFLOP/s", most.oneFma(), most.allFma());
    out.format("%-24s %10.1f %10.1f%n", "read bandwidth, GB/s", most.oneRead(), most.allRead());
    out.format("%nload %.2f s, first text %.3f s after it", loadSeconds, firstSeconds);
    out.format(", %.2f s after the start of the JVM%n", sinceStartSeconds);
    singleTexts(out);
    manyTexts(out);
    out.format("%-24s %10.0f%n", "tokenizer, 1 thread", run.tokenizerTextsPerSecond());
    out.format(
        """

        Medians of %d rounds. Ceiling: multiplications and additions in registers, on as many threads
        as the model uses, measured before each figure. Roof: the ceiling, or what reading the weights
        once allows where that takes longer; above 100 %% they came from a cache.
        """,
        run.rounds());
    return text.toString().stripTrailing();
  }

  private void singleTexts(Formatter out) {
    out.format(
        "%n%-24s %10s %10s %10s %10s %10s%n",
        "one text", "p50 ms", "p99 ms", "GFLOP/s", "% ceiling", "% roof");
    for (BenchWorkload workload : run.single()) {
      out.format(
          "%-24s %10.2f %10.2f %10.1f %10.1f %10.1f%n",
          workload.name(),
          workload.quantile(0.5) * 1e3,
          workload.quantile(0.99) * 1e3,
          workload.gflops(),
          workload.ofCeiling() * 100,
          workload.ofRoof() * 100);
    }
  }

  private void manyTexts(Formatter out) {
    out.format(
        "%n%-24s %10s %10s %10s %10s %10s%n",
        "many texts", "texts/s", "tokens/s", "GFLOP/s", "% ceiling", "% roof");
    for (BenchWorkload workload : run.many()) {
      out.format(
          "%-24s %10.0f %10.0f %10.1f %10.1f %10.1f%n",
          workload.name(),
          workload.textsPerSecond(),
          workload.tokensPerSecond(),
          workload.gflops(),
          workload.ofCeiling() * 100,
          workload.ofRoof() * 100);
    }
  }

  String json() {
    BenchCeilings.Sample most = run.ceilings();
    JsonObject json = new JsonObject();
    json.addProperty("version", BunvecCommand.version());
    json.addProperty("java", machine.java());
    json.addProperty("cpu", machine.cpu());
    json.addProperty("processors", machine.processors());
    json.addProperty("vector_bits", machine.vectorBits());
    JsonArray sets = new JsonArray();
    machine.instructionSets().forEach(sets::add);
    json.add("instruction_sets", sets);
    json.addProperty("model", model.source());
    json.addProperty("dtype", dtype());
    json.addProperty("threads", model.threads());
    json.addProperty("layers", model.layers());
    json.addProperty("hidden_size", model.hiddenSize());
    json.addProperty("backend", model.backend());
    json.addProperty("rounds", run.rounds());
    json.addProperty("fma_gflops_one_thread", most.oneFma());
    json.addProperty("fma_gflops_all_threads", most.allFma());
    json.addProperty("read_gbytes_per_second_one_thread", most.oneRead());
    json.addProperty("read_gbytes_per_second_all_threads", most.allRead());
    json.addProperty("load_seconds", loadSeconds);
    json.addProperty("first_text_seconds", firstSeconds);
    json.addProperty("first_vector_since_start_seconds", sinceStartSeconds);
    JsonArray single = new JsonArray();
    for (BenchWorkload workload : run.single()) {
      JsonObject row = row(workload);
      row.addProperty("p50_seconds", workload.quantile(0.5));
      row.addProperty("p99_seconds", workload.quantile(0.99));
      single.add(row);
    }
    json.add("one_text", single);
    JsonArray many = new JsonArray();
    run.many().forEach(workload -> many.add(row(workload)));
    json.add("many_texts", many);
    json.addProperty("tokenizer_texts_per_second", run.tokenizerTextsPerSecond());
    OptionalLong peak = RunStatistics.peakResidentBytes();
    if (peak.isPresent()) {
      json.addProperty("peak_rss_bytes", peak.getAsLong());
    }
    return new GsonBuilder().disableHtmlEscaping().create().toJson(json);
  }

  private static JsonObject row(BenchWorkload workload) {
    JsonObject row = new JsonObject();
    row.addProperty("name", workload.name());
    row.addProperty("texts", workload.textsPerCall());
    row.addProperty("tokens", workload.tokensPerCall());
    row.addProperty("texts_per_second", workload.textsPerSecond());
    row.addProperty("tokens_per_second", workload.tokensPerSecond());
    row.addProperty("gflops", workload.gflops());
    row.addProperty("of_ceiling", workload.ofCeiling());
    row.addProperty("of_roof", workload.ofRoof());
    return row;
  }

  private String dtype() {
    return model.weightType().name().toLowerCase(Locale.ROOT);
  }
}
