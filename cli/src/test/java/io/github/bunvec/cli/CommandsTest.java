package io.github.bunvec.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.bunvec.engine.EmbeddingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands print. */
class CommandsTest {

  private static final String FINE = "今日は良い天気です。";
  private static final String SUNNY = "本日は快晴なり。";
  private static final String CAT = "猫がソファで寝ている。";

  @TempDir private Path folder;

  @Test
  void similarityIsASymmetricTable() throws IOException {
    Run run = Run.of("similarity", FINE, SUNNY, CAT);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(4, run.lines().size());
    double expected;
    try (EmbeddingModel model = EmbeddingModel.loadBundled("mini-ja")) {
      expected = model.similarity(FINE, SUNNY);
    }
    assertEquals("         1        2        3  cosine", run.lines().getFirst());
    assertEquals("1   1.0000   %.4f".formatted(expected), run.lines().get(1).substring(0, 19));
    assertTrue(run.lines().get(3).endsWith("  1.0000  " + CAT), run.text());
    List<JsonObject> rows = Run.of("similarity", "--format=jsonl", FINE, SUNNY, CAT).objects();
    assertEquals(CAT, rows.get(2).get("text").getAsString());
    for (int i = 0; i < 3; i++) {
      JsonArray row = rows.get(i).getAsJsonArray("similarities");
      assertEquals(1, row.get(i).getAsDouble(), 1e-12);
      for (int k = 0; k < 3; k++) {
        assertEquals(rows.get(k).getAsJsonArray("similarities").get(i), row.get(k));
      }
    }
    assertEquals(expected, rows.get(0).getAsJsonArray("similarities").get(1).getAsDouble(), 0);
    assertEquals(2, Run.of("similarity", FINE).exitCode());
  }

  @Test
  void searchFindsTheClosestFirst() throws IOException {
    Path corpus =
        Files.writeString(
            folder.resolve("corpus.txt"), CAT + "\n" + SUNNY + "\n\n" + FINE + "\n" + FINE);
    Run run = Run.of("search", "--corpus", corpus.toString(), "--top", "3", FINE);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(3, run.lines().size());
    assertEquals("1.0000  4  " + FINE, run.lines().get(0));
    assertEquals("1.0000  5  " + FINE, run.lines().get(1));
    assertTrue(run.lines().get(2).endsWith("  2  " + SUNNY), run.text());
    List<JsonObject> hits =
        Run.of("search", "--corpus", corpus.toString(), "--format=jsonl", "--stats", FINE)
            .objects();
    assertEquals(5, hits.size());
    assertEquals(List.of("score", "line", "text"), List.copyOf(hits.getFirst().keySet()));
    assertEquals(4, hits.getFirst().get("line").getAsInt());
    assertEquals(1, hits.getFirst().get("score").getAsDouble(), 1e-12);
  }

  @Test
  void searchReadsStandardInputAndJsonLines() {
    Run run =
        Run.withInput(
            "{\"text\":\"a\\nb\\u001b\"}\n", "search", "--corpus=-", "--input-format=jsonl", "x");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.text().endsWith("  1  a\\u000ab\\u001b\n"), run.text());
  }

  @Test
  void tokenizeIsATable() {
    Run run = Run.of("tokenize", "--max-length=5", FINE);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(
        List.of(
            "text: " + FINE,
            "words: 今日 | は | 良い | 天気 | です | 。",
            "     0        2  [CLS]",
            "     1     7678  今日",
            "     2      145  は",
            "     3     9038  良い",
            "     4        3  [SEP]",
            "cut; the whole text has 8 tokens",
            ""),
        run.lines());
  }

  /** This JVM was not told to let the engine call machine code: the launcher's options are not. */
  @Test
  void bf16ArithmeticNeedsNativeAccess() {
    String flag = "--enable-native-access=io.github.bunvec.engine";
    Run asked = Run.of("info", "--arithmetic=bf16");
    assertTrue(asked.exitCode() != 0, asked.text());
    assertTrue(asked.err().contains("BF16 arithmetic is not available"), asked.err());
    Run auto = Run.of("info", "--arithmetic=auto", "--format=json");
    assertEquals(0, auto.exitCode(), auto.err());
    JsonObject json = auto.objects().getFirst();
    assertEquals("fp32", json.get("arithmetic").getAsString());
    String backend = json.get("backend").getAsString();
    assertTrue(backend.contains("FP32 arithmetic, not BF16"), backend);
    boolean linux = System.getProperty("os.name").equals("Linux");
    boolean x86 = System.getProperty("os.arch").equals("amd64");
    assertEquals(linux && x86, backend.contains(flag), backend);
  }

  @Test
  void infoSaysWhatRunsAndWhy() {
    Run run = Run.of("info", "--backend=reference", "--threads=1", "--max-length=100");
    assertEquals(0, run.exitCode(), run.err());
    for (String part :
        List.of(
            "model       mini-ja",
            "profile     sentence-transformers (modules.json is there)",
            "(asked for)",
            "weights     model.safetensors",
            "dtype       bf16",
            "arithmetic  fp32",
            "max length  100 tokens",
            "pooling     mean, normalized",
            "similarity  cosine",
            "dimension   256",
            "memory")) {
      assertTrue(run.text().contains(part), part + " is not in " + run.text());
    }
    JsonObject json =
        Run.of("info", "--format=json", "--dtype=fp32", "--profile=transformers", "--no-normalize")
            .objects()
            .getFirst();
    assertEquals("fp32", json.get("dtype").getAsString());
    assertEquals("transformers", json.get("profile").getAsString());
    assertEquals("asked for", json.get("profile_reason").getAsString());
    assertEquals(false, json.get("normalize").getAsBoolean());
    assertEquals(256, json.get("dimension").getAsInt());
    assertTrue(json.get("memory_bytes").getAsLong() > 7_000_000);
    assertTrue(json.get("backend").getAsString().contains("-bit vectors"));
  }

  @Test
  void statisticsAreTheLastLineOfStandardError() {
    Run run = Run.of("embed", "--stats", "--max-length=6", FINE, "猫", "");
    List<String> lines = run.errorLines();
    assertEquals(1, lines.size(), run.err());
    JsonObject json = JsonParser.parseString(lines.getFirst()).getAsJsonObject();
    assertEquals(
        List.of("texts", "tokens", "truncated", "load_seconds", "seconds", "peak_rss_bytes"),
        List.copyOf(json.keySet()));
    assertEquals(3, json.get("texts").getAsInt());
    assertEquals(6 + 3 + 2, json.get("tokens").getAsInt());
    assertEquals(1, json.get("truncated").getAsInt());
    assertTrue(json.get("load_seconds").getAsDouble() > 0);
    assertTrue(json.get("seconds").getAsDouble() > 0);
    Run failed = Run.withInput(new byte[] {'a', '\n', -1}, "embed", "--stats", "--input=-");
    assertEquals(2, failed.errorLines().size(), failed.err());
    assertTrue(failed.errorLines().getFirst().startsWith("bunvec: standard input: line 2"));
    assertTrue(failed.errorLines().getLast().startsWith("{\"texts\":1,"), failed.err());
  }

  @Test
  void optionsReachTheModel() throws IOException {
    Path model = ModelCopy.into(folder.resolve("model"));
    Run directory = Run.of("embed", "--model", model.toString(), FINE);
    assertArrayEquals(Run.of("embed", FINE).out(), directory.out());
    Run reference = Run.of("embed", "--backend=reference", "--threads=1", FINE);
    assertEquals(0, reference.exitCode(), reference.err());
    Run plain = Run.of("embed", "--no-normalize", FINE);
    assertNotEquals(directory.text(), plain.text());
    double squares = 0;
    for (String value : plain.lines().getFirst().split(" ", -1)) {
      squares += Math.pow(Double.parseDouble(value), 2);
    }
    assertTrue(Math.abs(squares - 1) > 0.1, "length is 1");
  }

  @Test
  void outputGoesToAFileByItsName() throws IOException {
    Path file = folder.resolve("out.jsonl");
    Files.writeString(file, "old\n".repeat(10_000));
    Run run = Run.of("embed", "--output", file.toString(), FINE);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(0, run.out().length);
    assertEquals(Run.of("embed", "--format=jsonl", FINE).text(), Files.readString(file));
  }

  @Test
  void progressIsErasedAndChangesNothing() {
    assertEquals(
        " 50% [###############...............] 1,200 texts, 600/s, 2 s left",
        ProgressBar.line(1200, 0.5, 2_000_000_000L));
    assertEquals("1,200 texts, 600/s", ProgressBar.line(1200, Double.NaN, 2_000_000_000L));
    byte[] input =
        (FINE.repeat(20) + "\n").repeat(6000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Run watched = Run.onTerminal(true, input, "tokenize", "--input=-", "--format=jsonl");
    Run piped = Run.withInput(input, "tokenize", "--input=-", "--format=jsonl");
    assertArrayEquals(piped.out(), watched.out());
    assertEquals("", piped.err());
    if (watched.err().contains("texts")) {
      assertTrue(watched.err().endsWith("\r\u001b[K"), watched.err());
    }
  }

  @Test
  void jsonKeepsEveryCharacter() {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c <= Character.MAX_VALUE; c++) {
      text.append((char) c);
    }
    text.append("\ud83d\ude00\ude00\ud83d");
    String line = new JsonLine().add("text", text.toString()).toString();
    assertEquals(1, line.lines().count());
    byte[] bytes = line.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    String read = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    assertEquals(
        text.toString(), JsonParser.parseString(read).getAsJsonObject().get("text").getAsString());
  }

  @Test
  void helpAndVersion() {
    assertTrue(Run.of("--version").text().startsWith("bunvec "));
    for (String command :
        List.of(
            "embed",
            "similarity",
            "search",
            "tokenize",
            "info",
            "verify",
            "eval",
            "convert",
            "download")) {
      Run help = Run.of(command, "--help");
      assertEquals(0, help.exitCode());
      assertTrue(help.text().startsWith("Usage: bunvec " + command), help.text());
      assertEquals(help.text(), Run.of("help", command).text());
      assertTrue(Run.of("--help").text().contains("  " + command + " "));
    }
  }

  @Test
  void tokenizeNeedsNoWeights() throws IOException {
    Path model = ModelCopy.into(folder.resolve("model"));
    Files.delete(model.resolve("model.safetensors"));
    Run run = Run.of("tokenize", "--model", model.toString(), FINE);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(Run.of("tokenize", FINE).text(), run.text());
    assertEquals(3, Run.of("embed", "--model", model.toString(), FINE).exitCode());
  }
}
