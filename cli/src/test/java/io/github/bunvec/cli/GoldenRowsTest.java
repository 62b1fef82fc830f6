package io.github.bunvec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.bunvec.engine.EmbeddingModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The demonstration model's published rows, made by sentence-transformers, through the commands.
 */
class GoldenRowsTest {

  private static final double TOLERANCE = 5e-6;
  private static final int MAX_LENGTH = 256;

  @Test
  void vectorsAreThoseOfPython() throws IOException {
    byte[] file = golden();
    List<JsonObject> rows = objects(file);
    Run run =
        Run.withInput(
            file, "embed", "--input", "-", "--input-format", "jsonl", "--format", "jsonl");
    assertEquals(0, run.exitCode(), run.err());
    List<JsonObject> results = run.objects();
    assertEquals(rows.size(), results.size());
    for (int i = 0; i < rows.size(); i++) {
      JsonObject row = rows.get(i);
      JsonObject result = results.get(i);
      String text = row.get("text").getAsString();
      assertEquals(List.of("text", "tokens", "truncated", "embedding"), names(result));
      assertEquals(text, result.get("text").getAsString());
      assertEquals(row.getAsJsonArray("ids").size(), result.get("tokens").getAsInt());
      assertEquals(
          row.get("length_before_truncation").getAsInt() > MAX_LENGTH,
          result.get("truncated").getAsBoolean());
      JsonArray expected = row.getAsJsonArray("embedding");
      JsonArray actual = result.getAsJsonArray("embedding");
      assertEquals(expected.size(), actual.size());
      for (int k = 0; k < expected.size(); k++) {
        assertEquals(expected.get(k).getAsDouble(), actual.get(k).getAsFloat(), TOLERANCE, text);
      }
    }
  }

  @Test
  void wordsTokensAndIdsAreThoseOfPython() throws IOException {
    byte[] file = golden();
    List<JsonObject> rows = objects(file);
    Run run =
        Run.withInput(
            file, "tokenize", "--input", "-", "--input-format", "jsonl", "--format", "jsonl");
    assertEquals(0, run.exitCode(), run.err());
    List<JsonObject> results = run.objects();
    assertEquals(rows.size(), results.size());
    for (int i = 0; i < rows.size(); i++) {
      assertEquals(List.of("text", "words", "tokens", "ids", "truncated"), names(results.get(i)));
      for (String field : List.of("text", "words", "tokens", "ids")) {
        assertEquals(rows.get(i).get(field), results.get(i).get(field), field);
      }
    }
  }

  @Test
  void wholeTextWithoutTruncation() throws IOException {
    byte[] file = golden();
    List<JsonObject> rows = objects(file);
    Run run =
        Run.withInput(
            file,
            "tokenize",
            "--input=-",
            "--input-format=jsonl",
            "--format=jsonl",
            "--no-truncate");
    boolean anyLong = false;
    for (int i = 0; i < rows.size(); i++) {
      int length = rows.get(i).get("length_before_truncation").getAsInt();
      anyLong |= length > MAX_LENGTH;
      JsonObject result = run.objects().get(i);
      assertEquals(length, result.getAsJsonArray("ids").size());
      assertEquals(length, result.getAsJsonArray("tokens").size());
      assertEquals(false, result.get("truncated").getAsBoolean());
    }
    assertTrue(anyLong, "no row is longer than the limit");
    assertEquals("", run.err());
  }

  @Test
  void floatsParseBackToTheSameBits() throws IOException {
    List<String> texts =
        objects(golden()).stream().limit(10).map(row -> row.get("text").getAsString()).toList();
    String[] arguments = new String[texts.size() + 3];
    arguments[0] = "embed";
    arguments[1] = "--format=jsonl";
    arguments[2] = "--";
    for (int i = 0; i < texts.size(); i++) {
      arguments[i + 3] = texts.get(i);
    }
    Run json = Run.of(arguments);
    arguments[1] = "--format=text";
    Run plain = Run.of(arguments);
    try (EmbeddingModel model = EmbeddingModel.loadBundled("mini-ja")) {
      for (int i = 0; i < texts.size(); i++) {
        float[] vector = model.embed(texts.get(i));
        JsonArray parsed = json.objects().get(i).getAsJsonArray("embedding");
        String[] values = plain.lines().get(i).split(" ", -1);
        assertEquals(vector.length, values.length);
        for (int k = 0; k < vector.length; k++) {
          assertEquals(vector[k], Float.parseFloat(parsed.get(k).getAsString()), 0f);
          assertEquals(vector[k], (float) parsed.get(k).getAsDouble(), 0f);
          assertEquals(vector[k], Float.parseFloat(values[k]), 0f);
        }
      }
    }
  }

  private static List<String> names(JsonObject object) {
    return List.copyOf(object.keySet());
  }

  private static byte[] golden() throws IOException {
    try (InputStream in = GoldenRowsTest.class.getResourceAsStream("mini-ja-golden.jsonl")) {
      return in.readAllBytes();
    }
  }

  private static List<JsonObject> objects(byte[] lines) {
    return new String(lines, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .toList();
  }
}
