package io.github.bunvec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts in: lines, JSON lines, arguments, and what is wrong with them. */
class InputTest {

  @TempDir private Path folder;

  @Test
  void anyLineIsOneRow() {
    List<String> texts =
        List.of(
            "",
            " ",
            "a\u000bb\u000cc",
            "\u0000\u0001\u001b[31m",
            "\u0085 \u2028 \u2029",
            "a\rb",
            "\ufeff先頭",
            "𠮷野家👨‍👩‍👧",
            "\"\\/",
            "長".repeat(100_000),
            "last");
    String input = String.join("\n", texts);
    for (String end : List.of("", "\n")) {
      Run run = Run.withInput(input + end, "embed", "--input", "-", "--format", "jsonl");
      assertEquals(0, run.exitCode(), run.err());
      assertEquals(texts, run.objects().stream().map(o -> o.get("text").getAsString()).toList());
      assertEquals(
          List.of(
              "bunvec: warning: 1 of 11 texts had more than 256 tokens and were cut to that;"
                  + " see --max-length and --on-too-long"),
          run.errorLines());
    }
    assertEquals(
        texts.size(), Run.withInput(input, "embed", "--input", "-").text().lines().count());
    Run tokens = Run.withInput(input, "tokenize", "--input", "-", "--format", "jsonl");
    assertEquals(texts, tokens.objects().stream().map(o -> o.get("text").getAsString()).toList());
  }

  @Test
  void carriageReturnBeforeTheEndBelongsToIt() {
    Run run = Run.withInput("a\r\nb\r\r\nc\r", "embed", "--input", "-", "--format", "jsonl");
    assertEquals(
        List.of("a", "b\r", "c\r"),
        run.objects().stream().map(o -> o.get("text").getAsString()).toList());
  }

  @Test
  void emptyInputGivesNoRow() {
    Run run = Run.withInput("", "embed", "--input", "-", "--format", "jsonl");
    assertEquals(0, run.exitCode());
    assertEquals(0, run.out().length);
    assertEquals(1, Run.withInput("\n", "embed", "--input", "-").lines().size());
  }

  @Test
  void linesBeforeInvalidUtf8AreKept() throws IOException {
    for (String bad : List.of("ff", "c0af", "eda080", "e38182e3", "f5808080")) {
      ByteArrayOutputStream input = new ByteArrayOutputStream();
      input.writeBytes("一\n二\n".getBytes(StandardCharsets.UTF_8));
      input.writeBytes(java.util.HexFormat.of().parseHex(bad));
      input.writeBytes("\n四\n".getBytes(StandardCharsets.UTF_8));
      Path file = Files.write(folder.resolve("in.txt"), input.toByteArray());
      Run run = Run.of("embed", "--input", file.toString(), "--format", "jsonl");
      assertEquals(3, run.exitCode());
      assertEquals(2, run.lines().size());
      assertEquals(1, run.errorLines().size(), run.err());
      assertTrue(run.err().startsWith("bunvec: " + file + ": line 3 is not UTF-8: "), run.err());
    }
  }

  @Test
  void jsonLinesByNameOrOption() throws IOException {
    String lines =
        """
        {"id": [1, {"text": 2}], "text": "a\\ud800\\n\\u2028"}
        {"text":""}""";
    Path file = Files.writeString(folder.resolve("in.JSONL"), lines);
    Run run = Run.of("embed", "--input", file.toString(), "--format", "jsonl");
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(
        List.of("a\ud800\n\u2028", ""),
        run.objects().stream().map(o -> o.get("text").getAsString()).toList());
    Run asText =
        Run.of("embed", "--input", file.toString(), "--input-format=text", "--format=jsonl");
    assertEquals(
        List.of(lines.split("\n", -1)),
        asText.objects().stream().map(o -> o.get("text").getAsString()).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "  | is blank",
        "x | is not JSON",
        "{\"text\": \"a\" | is not JSON: it ends too early",
        "[\"a\"] | is not a JSON object",
        "{\"txt\": \"a\"} | has no field \"text\"",
        "{\"text\": 1} | has a field \"text\" that is not a string",
        "{\"text\": null} | has a field \"text\" that is not a string",
        "{\"text\": \"a\", \"text\": \"b\"} | has the field \"text\" twice",
        "{\"text\": \"a\"} {} | is not JSON",
        "{\"text\": \"a\tb\"} | is not JSON",
        "{'text': 'a'} | is not JSON"
      })
  void wrongJsonLineIsNamed(String line, String message) {
    String wrong = line == null ? "" : line.strip();
    Run run =
        Run.withInput(
            "{\"text\": \"a\"}\n" + wrong + "\n{\"text\": \"b\"}\n",
            "embed",
            "--input=-",
            "--input-format=jsonl");
    assertEquals(3, run.exitCode());
    assertEquals(1, run.lines().size());
    assertEquals(1, run.errorLines().size(), run.err());
    assertTrue(run.err().startsWith("bunvec: standard input: line 2 " + message), run.err());
  }

  @Test
  void argumentsAreTakenAsTheyAre() throws IOException {
    Path file = Files.writeString(folder.resolve("args"), "--help");
    Run run =
        Run.of(
            "embed",
            "--format=jsonl",
            "--",
            "-x",
            "",
            "@" + file,
            "embed",
            "'q'",
            "${sys:user.home}");
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(
        List.of("-x", "", "@" + file, "embed", "'q'", "${sys:user.home}"),
        run.objects().stream().map(o -> o.get("text").getAsString()).toList());
  }

  @Test
  void tooLongTextUnderTheErrorPolicyKeepsThoseBefore() {
    String input = "短い\n" + "とても長い文です。".repeat(9) + "\n短い\n";
    Run run =
        Run.withInput(
            input, "embed", "--input=-", "--max-length=8", "--on-too-long=error", "--format=jsonl");
    assertEquals(3, run.exitCode());
    assertEquals(1, run.lines().size());
    assertTrue(run.err().startsWith("bunvec: standard input: line 2 has "), run.err());
    assertTrue(run.err().contains("the limit is 8"), run.err());
    Run tokens =
        Run.withInput(input, "tokenize", "--input=-", "--max-length=8", "--on-too-long=error");
    assertEquals(3, tokens.exitCode());
    assertTrue(tokens.err().startsWith("bunvec: standard input: line 2 has "), tokens.err());
  }

  @Test
  void manyChunksKeepTheirOrder() {
    StringBuilder input = new StringBuilder();
    for (int i = 0; i < 2500; i++) {
      input.append(i).append('\n');
    }
    Run run = Run.withInput(input.toString(), "embed", "--input=-", "--format=jsonl", "--stats");
    List<JsonObject> objects = run.objects();
    assertEquals(2500, objects.size());
    for (int i = 0; i < 2500; i++) {
      assertEquals(Integer.toString(i), objects.get(i).get("text").getAsString());
    }
    assertEquals(
        objects.get(77).get("embedding"),
        Run.of("embed", "--format=jsonl", "77").objects().getFirst().get("embedding"));
  }
}
