package io.github.bunvec.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against SciPy and sentence-transformers (tools/golden/correlation_golden.py). */
class StsCommandTest {

  @TempDir private Path folder;

  @Test
  void coefficientsAreThoseOfSciPy() throws IOException {
    List<JsonElement> lists = golden().getAsJsonArray("numbers").asList();
    assertEquals(6, lists.size());
    for (JsonElement element : lists) {
      JsonObject list = element.getAsJsonObject();
      double[] x = numbers(list, "x");
      double[] y = numbers(list, "y");
      assertArrayEquals(numbers(list, "ranks"), Correlation.ranks(x));
      assertEquals(list.get("spearman").getAsDouble(), Correlation.spearman(x, y), 1e-12);
      assertEquals(list.get("pearson").getAsDouble(), Correlation.pearson(x, y), 1e-12);
    }
    double[] third = {1 / 3.0, 1 / 3.0, 1 / 3.0};
    assertTrue(Double.isNaN(Correlation.pearson(third, new double[] {1, 2, 3})));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cosine", "dot", "euclidean", "manhattan"})
  void pairsCorrelateAsInPython(String similarity) throws IOException {
    JsonObject expected = golden().getAsJsonObject("pairs").getAsJsonObject(similarity);
    double spearman = expected.get("spearman").getAsDouble();
    double pearson = expected.get("pearson").getAsDouble();
    String[] arguments = {
      "eval", "sts", pairs().toString(), "--similarity", similarity, "--dtype=fp32", "--format=json"
    };
    Run run = Run.of(arguments);
    assertEquals(0, run.exitCode(), run.err());
    JsonObject result = run.objects().getFirst();
    assertEquals(12, result.get("pairs").getAsInt());
    assertEquals(similarity, result.get("similarity").getAsString());
    assertEquals(spearman, result.get("spearman").getAsDouble(), 1e-12);
    assertEquals(pearson, result.get("pearson").getAsDouble(), 1e-5);
    arguments[6] = "--format=text";
    assertEquals(
        String.format(
            Locale.ROOT,
            "pairs       12\nsimilarity  %s\nspearman    %.4f\npearson     %.4f\n",
            similarity,
            spearman,
            pearson),
        Run.of(arguments).text());
  }

  @Test
  void headersJsonLinesAndStandardInput() throws IOException {
    String tsv = Files.readString(pairs());
    String expected = Run.of("eval", "sts", pairs().toString()).text();
    assertTrue(expected.contains("similarity  cosine\n"), expected);
    assertEquals(
        expected, Run.withInput("score\tsentence1\tsentence2\n" + tsv, "eval", "sts", "-").text());
    StringBuilder json = new StringBuilder();
    boolean odd = false;
    for (String line : tsv.lines().toList()) {
      String[] columns = line.split("\t", -1);
      odd = !odd;
      json.append(
          new JsonLine()
              .add(odd ? "score" : "label", Double.parseDouble(columns[0]))
              .add("id", 7)
              .add(odd ? "sentence1" : "text1", columns[1])
              .add(odd ? "sentence2" : "text2", columns[2]));
      json.append('\n');
    }
    Path file = Files.writeString(folder.resolve("pairs.jsonl"), json);
    assertEquals(expected, Run.of("eval", "sts", file.toString()).text());
    Run read = Run.withInput(json.toString(), "eval", "sts", "-", "--input-format=jsonl");
    assertEquals(expected, read.text());
  }

  @Test
  void manyPairs() throws IOException {
    String tsv = Files.readString(pairs());
    Run run = Run.withInput(tsv.repeat(100), "eval", "sts", "-", "--format=json");
    JsonObject once =
        Run.of("eval", "sts", pairs().toString(), "--format=json").objects().getFirst();
    JsonObject many = run.objects().getFirst();
    assertEquals(1200, many.get("pairs").getAsInt());
    assertEquals(once.get("spearman").getAsDouble(), many.get("spearman").getAsDouble(), 1e-9);
    assertEquals(once.get("pearson").getAsDouble(), many.get("pearson").getAsDouble(), 1e-9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "1;a | line 2 has 2 columns, expected 3",
        "1;a;b;c | line 2 has 4 columns, expected 3",
        "x;a;b | line 2 has the score 'x', expected a number",
        "NaN;a;b | line 2 has the score 'NaN', expected a number",
        "0x1p3;a;b | line 2 has the score '0x1p3', expected a number",
        "1e999;a;b | line 2 has a score beyond all bounds",
        "{\"score\": 1, \"text1\": \"a\"} | line 2 lacks a field, expected score (or label)",
        "{\"score\": 1, \"label\": 1} | line 2 has more than one of score and label",
        "{\"score\": \"1\"} | line 2 has a field \"score\" that is not a number"
      })
  void wrongLinesAreNamed(String line, String message) {
    boolean json = line.startsWith("{");
    String good = json ? "{\"score\": 1, \"text1\": \"a\", \"text2\": \"b\"}" : "1\ta\tb";
    Run run =
        Run.withInput(
            good + "\n" + line.replace(';', '\t') + "\n",
            "eval",
            "sts",
            "-",
            "--input-format=" + (json ? "jsonl" : "tsv"));
    assertEquals(3, run.exitCode());
    assertEquals(1, run.errorLines().size(), run.err());
    assertTrue(run.err().startsWith("bunvec: standard input: " + message), run.err());
    assertEquals("", run.text());
  }

  @Test
  void undefinedCorrelationsAndWrongCommandLines() {
    for (String input : List.of("", "score\ta\tb\n", "1\ta\tb\n", "1\ta\tb\n1\tc\td\n")) {
      Run run = Run.withInput(input, "eval", "sts", "-");
      assertEquals(3, run.exitCode());
      assertTrue(run.err().contains("a correlation needs two or more pairs"), run.err());
    }
    assertEquals(3, Run.withInput("NaN\ta\tb\n1\ta\tb\n", "eval", "sts", "-").exitCode());
    for (String line : List.of("eval", "eval sts", "eval other", "eval sts a b")) {
      assertEquals(2, Run.of(line.split(" ", -1)).exitCode(), line);
    }
    assertTrue(Run.of("eval").err().contains("expected one of sts"), Run.of("eval").err());
    Run tooLong =
        Run.withInput(
            "h\ta\tb\n1\ta\tb\n2\ta\t" + "とても長い文です。".repeat(9) + "\n",
            "eval",
            "sts",
            "-",
            "--max-length=8",
            "--on-too-long=error");
    assertTrue(tooLong.err().startsWith("bunvec: standard input: line 3 has"), tooLong.err());
    assertTrue(Run.of("eval", "sts", "--help").text().startsWith("Usage: bunvec eval sts"));
  }

  private Path pairs() throws IOException {
    return Files.write(folder.resolve("pairs.tsv"), NpyReaderTest.resource("pairs.tsv"));
  }

  private static JsonObject golden() throws IOException {
    byte[] json = NpyReaderTest.resource("correlations.json");
    return JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject();
  }

  private static double[] numbers(JsonObject list, String name) {
    return list.getAsJsonArray(name).asList().stream().mapToDouble(n -> n.getAsDouble()).toArray();
  }
}
