package io.github.bunvec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.bunvec.engine.EmbeddingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {

  @TempDir private Path folder;

  @Test
  void printsEveryFigureAsJson() {
    Run run = Run.of("bench", "--seconds", "1", "--json", "--threads", "2");
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(1, run.lines().size());
    JsonObject report = run.objects().getFirst();
    assertEquals(2, report.get("threads").getAsInt());
    assertEquals("mini-ja", report.get("model").getAsString());
    for (String name :
        List.of(
            "fma_gflops_one_thread",
            "fma_gflops_all_threads",
            "read_gbytes_per_second_one_thread",
            "read_gbytes_per_second_all_threads",
            "load_seconds",
            "first_text_seconds",
            "first_vector_since_start_seconds",
            "tokenizer_texts_per_second")) {
      assertTrue(report.get(name).getAsDouble() > 0, name);
    }
    JsonArray single = report.getAsJsonArray("one_text");
    assertEquals(5, single.size(), "8, 16, 32, 64, 128: the model's limit is 256 tokens");
    single.forEach(row -> expectFigures(row.getAsJsonObject(), "p50_seconds", "p99_seconds"));
    assertEquals(16, single.get(1).getAsJsonObject().get("tokens").getAsDouble(), 1);
    assertEquals(3, report.getAsJsonArray("many_texts").size());
    report.getAsJsonArray("many_texts").forEach(row -> expectFigures(row.getAsJsonObject()));
  }

  private static void expectFigures(JsonObject row, String... further) {
    for (String name : List.of("texts", "tokens", "texts_per_second", "gflops", "of_ceiling")) {
      assertTrue(row.get(name).getAsDouble() > 0, row.toString());
    }
    for (String name : further) {
      assertTrue(row.get(name).getAsDouble() > 0, row.toString());
    }
    double texts = row.get("texts_per_second").getAsDouble();
    double tokens = row.get("tokens_per_second").getAsDouble();
    assertTrue(tokens > 2 * texts, row.toString());
  }

  @Test
  void printsTables() {
    Run run = Run.of("bench", "--seconds=1", "--max-length=20");
    assertEquals(0, run.exitCode(), run.err());
    for (String part :
        List.of("FMA ceiling", "read bandwidth", "\n8 tokens ", "\n16 tokens ", "mixed Japanese")) {
      assertTrue(run.text().contains(part), run.text());
    }
    assertTrue(!run.text().contains("32 tokens"), run.text());
  }

  @Test
  void refusesOtherTimes() {
    for (String seconds : List.of("0", "-1", "nan", "1e9")) {
      Run run = Run.of("bench", "--seconds", seconds);
      assertEquals(2, run.exitCode(), run.err());
      assertEquals(1, run.err().lines().count(), run.err());
    }
    assertEquals(2, Run.of("bench", "--seconds=2", "--quick").exitCode());
    assertEquals(3, Run.of("bench", "--model", folder.resolve("none").toString()).exitCode());
  }

  @Test
  void textsAreAsLongAsAskedFor() throws IOException {
    BenchTexts texts = BenchTexts.read();
    try (EmbeddingModel model = EmbeddingModel.loadBundled("mini-ja")) {
      for (int length : new int[] {8, 16, 32, 64, 128}) {
        for (String text : texts.ofLength(model, length, 5)) {
          assertEquals(length, BenchTexts.tokens(model, text), 1, text);
        }
      }
    }
  }

  /** The shape of what users have: short texts, and now and then a long one. */
  @Test
  void mixedTextsAreMostlyShort() throws IOException {
    int[] lengths =
        BenchTexts.read().mixed(1000).stream().mapToInt(String::length).sorted().toArray();
    assertTrue(lengths[500] <= 23, "median " + lengths[500]);
    assertTrue(lengths[750] <= 32, "third quarter " + lengths[750]);
    assertTrue(lengths[950] > 155, "one in twenty " + lengths[950]);
    assertTrue(lengths[999] > 600 && lengths[999] < 1200, "longest " + lengths[999]);
  }

  @Test
  void readsWhatLinuxSaysOfProcessors() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("cpuinfo"),
            "processor\t: 0\nmodel name\t: A : B\nflags\t\t: fpu avx2\n\nprocessor\t: 1\n");
    assertEquals(
        Map.of("processor", "0", "model name", "A : B", "flags", "fpu avx2"),
        BenchMachine.cpuInfo(file));
    assertEquals(Map.of(), BenchMachine.cpuInfo(folder.resolve("none")));
  }
}
