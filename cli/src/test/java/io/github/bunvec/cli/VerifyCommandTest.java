package io.github.bunvec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demonstration model against its published rows, whole and changed. */
class VerifyCommandTest {

  @TempDir private Path folder;
  private Path golden;

  @BeforeEach
  void copyGolden() throws IOException {
    golden = folder.resolve("golden.jsonl");
    Files.write(golden, NpyReaderTest.resource("mini-ja-golden.jsonl"));
  }

  @Test
  void rowsOfPythonAreWithinTheLimits() throws IOException {
    Run run = verify(golden, "--dtype=fp32", "--format=json");
    assertEquals(0, run.exitCode(), run.err());
    JsonObject report = run.objects().getFirst();
    int rows = lines(golden).size();
    assertEquals(rows, report.get("texts").getAsInt());
    assertEquals(rows, report.get("ids_compared").getAsInt());
    assertEquals(0, report.get("ids_different").getAsInt());
    assertEquals(0, report.get("different").getAsInt());
    assertTrue(report.get("max_difference").getAsDouble() < 5e-6, run.text());
    assertTrue(report.get("max_difference").getAsDouble() > 0, run.text());
    assertTrue(report.get("min_cosine").getAsDouble() > 0.999999, run.text());
    assertTrue(report.get("mean_cosine").getAsDouble() >= report.get("min_cosine").getAsDouble());
    assertEquals(5e-6, report.get("tolerance").getAsDouble());
    assertTrue(report.get("min_cosine_allowed").isJsonNull());
    assertTrue(report.get("first_different").isJsonNull());
    JsonObject narrow = verify(golden, "--format=jsonl").objects().getFirst();
    assertEquals(0.9998, narrow.get("min_cosine_allowed").getAsDouble());
    assertTrue(narrow.get("tolerance").isJsonNull());
  }

  @Test
  void ownOutputIsAReference() throws IOException {
    Path file = folder.resolve("own.jsonl");
    assertEquals(0, Run.of("embed", "--output", file.toString(), "猫", "", " x ").exitCode());
    Run run = verify(file, "--tolerance=0");
    assertEquals(0, run.exitCode(), run.err() + run.text());
    assertTrue(run.text().contains("texts that differ               0\n"), run.text());
    assertTrue(run.text().contains("max difference                  0.00e+00\n"), run.text());
    assertTrue(run.text().contains("unknown, the reference has none\n"), run.text());
  }

  @Test
  void theFirstTextThatDiffersIsShown() throws IOException {
    change(3, row -> row.getAsJsonArray("ids").set(1, new JsonPrimitive(5)));
    change(5, row -> row.getAsJsonArray("embedding").set(0, new JsonPrimitive(0.5)));
    JsonObject third = JsonParser.parseString(lines(golden).get(2)).getAsJsonObject();
    Run run = verify(golden);
    assertEquals(4, run.exitCode());
    int rows = lines(golden).size();
    assertEquals(
        "bunvec: 2 of %d texts differ from %s".formatted(rows, golden),
        run.errorLines().getFirst());
    assertTrue(run.text().contains("texts with other ids            1 of " + rows), run.text());
    assertTrue(
        run.text().contains("first text that differs         " + golden + ": line 3\n"),
        run.text());
    String tokens = Display.line(joined(third.getAsJsonArray("tokens")));
    assertEquals(2, run.text().split(Pattern.quote(tokens + "\n"), -1).length - 1);
    JsonObject first =
        verify(golden, "--format=json").objects().getFirst().getAsJsonObject("first_different");
    assertEquals(golden + ": line 3", first.get("where").getAsString());
    assertEquals(third.get("text"), first.get("text"));
    assertFalse(first.get("same_ids").getAsBoolean());
    assertEquals(third.get("tokens"), first.get("tokens"));
    assertEquals(third.get("tokens"), first.get("reference_tokens"));
  }

  @Test
  void vectorsBeyondALimitDiffer() throws IOException {
    change(
        2,
        row -> {
          JsonArray vector = row.getAsJsonArray("embedding");
          vector.set(7, new JsonPrimitive(vector.get(7).getAsDouble() + 1e-3));
          row.remove("ids");
          row.remove("tokens");
        });
    assertEquals(0, verify(golden).exitCode());
    assertEquals(4, verify(golden, "--dtype=fp32").exitCode());
    assertEquals(4, verify(golden, "--tolerance=9e-4").exitCode());
    assertEquals(0, verify(golden, "--tolerance=1.1e-3").exitCode());
    assertEquals(0, verify(golden, "--min-cosine=0.999", "--dtype=fp32").exitCode());
    Run run = verify(golden, "--min-cosine=0.9999999", "--format=json");
    assertEquals(4, run.exitCode());
    JsonObject first = run.objects().getFirst().getAsJsonObject("first_different");
    assertTrue(first.get("same_ids").getAsBoolean());
    assertEquals(1e-3, first.get("unit_difference").getAsDouble(), 1e-5);
    assertTrue(first.get("tokens").isJsonNull());
  }

  @Test
  void optionsOfTheModelCount() throws IOException {
    Run raw = verify(golden, "--no-normalize", "--format=json", "--dtype=fp32");
    assertEquals(0, raw.exitCode(), raw.err());
    assertTrue(raw.objects().getFirst().get("max_difference").getAsDouble() > 1e-2);
    Run cut = verify(golden, "--max-length=8", "--format=json");
    assertEquals(4, cut.exitCode());
    assertTrue(cut.objects().getFirst().get("ids_different").getAsInt() > 10);
  }

  @Test
  void arraysWithTheirTexts() throws IOException {
    Path array = folder.resolve("golden.npy");
    embed(golden, array);
    Run run = verify(array, "--texts", golden.toString(), "--format=json", "--tolerance=0");
    assertEquals(0, run.exitCode(), run.err());
    int rows = lines(golden).size();
    assertEquals(rows, run.objects().getFirst().get("ids_compared").getAsInt());
    assertEquals(0, run.objects().getFirst().get("max_difference").getAsDouble());
    Path texts = Files.writeString(folder.resolve("texts.txt"), "猫\n犬\n");
    Path two = folder.resolve("two.npy");
    embed(texts, two);
    assertEquals(0, verify(two, "--texts", texts.toString()).exitCode());
    Files.writeString(texts, "猫\n");
    assertError(3, "has 1 texts, the array has 2 rows", verify(two, "--texts", texts.toString()));
    Files.writeString(texts, "猫\n犬\n鳥\n");
    assertError(3, "line 3 is one too many", verify(two, "--texts", texts.toString()));
    Files.writeString(texts, "犬\n猫\n");
    assertError(4, "2 of 2 texts differ", verify(two, "--texts", texts.toString()));
    assertError(2, "add --texts FILE", verify(two));
    assertError(2, "--texts goes with", verify(golden, "--texts", texts.toString()));
  }

  @Test
  void manyRowsStream() throws IOException {
    Path texts = folder.resolve("many.txt");
    Files.writeString(texts, "猫\n犬が走る\n".repeat(1500));
    Path array = folder.resolve("many.npy");
    embed(texts, array);
    Run run = verify(array, "--texts", texts.toString(), "--tolerance=0", "--format=json");
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(3000, run.objects().getFirst().get("texts").getAsInt());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"text\": \"a\"} | has no field \"embedding\"",
        "{\"embedding\": [1]} | has no field \"text\"",
        "{\"text\": \"a\", \"embedding\": [1, 2]} | the embedding has 2 values, the model's",
        "{\"text\": \"a\", \"embedding\": 1} | that is not an array of numbers",
        "{\"text\": \"a\", \"embedding\": [1, \"2\"]} | that is not an array of numbers",
        "{\"text\": \"a\", \"embedding\": [NaN]} | is not JSON",
        "{\"text\": \"a\", \"embedding\": [1e999]} | is not JSON",
        "{\"text\": \"a\", \"embedding\": [1e50]} | has an embedding with a value beyond those",
        "{\"text\": \"a\", \"ids\": [1.5]} | with the value 1.5, expected token ids",
        "{\"text\": \"a\", \"tokens\": [1]} | that is not an array of strings",
        "{\"text\": \"a\", \"ids\": [], \"ids\": []} | has the field \"ids\" twice"
      })
  void wrongRowsAreNamed(String line, String message) throws IOException {
    Files.writeString(golden, lines(golden).getFirst() + "\n" + line + "\n");
    Run run = verify(golden);
    assertError(3, message, run);
    assertTrue(run.err().startsWith("bunvec: " + golden + ": line 2"), run.err());
  }

  @Test
  void wrongCommandLinesAndFiles() throws IOException {
    assertError(2, "--reference", Run.of("verify"));
    assertError(2, "--tolerance", verify(golden, "--tolerance=-1"));
    assertError(2, "--tolerance", verify(golden, "--tolerance=NaN"));
    assertError(2, "--min-cosine", verify(golden, "--min-cosine=2"));
    assertError(2, "--format npy", verify(golden, "--format=npy"));
    assertError(2, "is the file that is read", verify(golden, "--output", golden.toString()));
    assertError(3, "no such file", verify(folder.resolve("none.jsonl")));
    assertError(3, "is a directory", verify(folder));
    assertError(3, "is empty", verify(Files.writeString(folder.resolve("empty.jsonl"), "")));
  }

  private static Run verify(Path reference, String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "verify";
    arguments[1] = "--reference";
    arguments[2] = reference.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Run.of(arguments);
  }

  private static void embed(Path texts, Path array) {
    Run run = Run.of("embed", "--input", texts.toString(), "--output", array.toString());
    assertEquals(0, run.exitCode(), run.err());
  }

  private void change(int line, Consumer<JsonObject> change) throws IOException {
    List<String> lines = new ArrayList<>(lines(golden));
    JsonObject row = JsonParser.parseString(lines.get(line - 1)).getAsJsonObject();
    change.accept(row);
    lines.set(line - 1, row.toString());
    Files.writeString(golden, String.join("\n", lines) + "\n");
  }

  private static List<String> lines(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    return List.of(text.substring(0, text.length() - 1).split("\n", -1));
  }

  private static String joined(JsonArray tokens) {
    return tokens.asList().stream().map(t -> t.getAsString()).collect(Collectors.joining(" "));
  }

  private static void assertError(int exitCode, String message, Run run) {
    assertEquals(exitCode, run.exitCode(), run.err());
    assertTrue(run.err().contains(message), run.err());
  }
}
