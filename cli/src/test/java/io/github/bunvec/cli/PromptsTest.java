package io.github.bunvec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts and the length of vectors on the command line. */
class PromptsTest {

  private static final String FINE = "今日は良い天気です。";

  @TempDir private Path folder;
  private String model = "";

  @BeforeEach
  void copyAModelWithPrompts() throws IOException {
    Path directory = ModelCopy.into(folder.resolve("model"));
    Files.writeString(
        directory.resolve("config_sentence_transformers.json"),
        """
        {"prompts": {"query": "検索: ", "topic": "話題: "}, "default_prompt_name": "topic"}
        """);
    model = "--model=" + directory;
  }

  private String embed(String... options) {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "embed";
    arguments[1] = model;
    System.arraycopy(options, 0, arguments, 2, options.length);
    Run run = Run.of(arguments);
    assertEquals(0, run.exitCode(), run.err());
    return run.text();
  }

  @Test
  void promptsByNameAndAsText() {
    String bare = Run.of("embed", FINE).text();
    assertEquals(bare, embed("--prompt=", FINE));
    assertEquals(bare, embed("--profile=transformers", FINE));
    assertEquals(bare, embed("--prompt-name=document", FINE));
    assertEquals(Run.of("embed", "話題: " + FINE).text(), embed(FINE));
    String query = embed("--prompt-name", "query", FINE);
    assertEquals(Run.of("embed", "検索: " + FINE).text(), query);
    assertEquals(query, embed("--prompt", "検索: ", FINE));
    assertEquals(query, embed("--profile=transformers", "--prompt-name=query", FINE));
    assertNotEquals(bare, query);
  }

  @Test
  void unknownPromptsAreListed() {
    Run run = Run.of("embed", model, "--prompt-name=passage", FINE);
    assertEquals(
        "bunvec: the model has no prompt 'passage', it has: query, topic, document",
        run.err().strip());
    assertNotEquals(0, run.exitCode());
    Run both = Run.of("embed", model, "--prompt-name=query", "--prompt=x", FINE);
    assertEquals(2, both.exitCode());
    assertTrue(both.err().startsWith("bunvec: --prompt"), both.err());
  }

  @Test
  void tokenizeShowsThePrompt() {
    Run run = Run.of("tokenize", model, "--prompt-name=query", FINE);
    assertTrue(run.text().contains("words: 検索 | : | 今日"), run.text());
  }

  /** The query behind the prompt query, the texts behind document, whatever is the default. */
  @Test
  void searchUsesThePromptsOfQueriesAndDocuments() throws IOException {
    Path corpus = Files.writeString(folder.resolve("corpus.txt"), FINE + "\n検索: " + FINE + "\n");
    Run run = Run.of("search", model, "--corpus=" + corpus, FINE);
    assertEquals("1.0000  2  検索: " + FINE, run.lines().getFirst(), run.err());
    Run same = Run.of("search", model, "--prompt=", "--corpus=" + corpus, FINE);
    assertEquals("1.0000  1  " + FINE, same.lines().getFirst(), same.err());
  }

  @Test
  void infoShowsThem() {
    String text = Run.of("info", model).text();
    assertTrue(text.contains("prompt      \"話題: \" ('topic', the model's default)"), text);
    assertTrue(text.contains("prompts     query \"検索: \", topic \"話題: \", document \"\""), text);
    assertTrue(text.contains("modules     Pooling, Normalize"), text);
    assertTrue(text.contains("encoder     bert, "), text);
    JsonObject json =
        Run.of("info", model, "--format=json", "--prompt=", "--truncate-dim=100")
            .objects()
            .getFirst();
    assertEquals("", json.get("prompt").getAsString());
    assertEquals("asked for", json.get("prompt_reason").getAsString());
    assertEquals("検索: ", json.getAsJsonObject("prompts").get("query").getAsString());
    assertEquals(100, json.get("dimension").getAsInt());
    assertEquals(false, json.get("normalize").getAsBoolean());
  }

  @Test
  void vectorsAreCut() {
    String whole = embed(FINE);
    String cut = embed("--truncate-dim=3", FINE);
    assertTrue(whole.startsWith(cut.strip() + " "), cut);
    assertEquals(3, cut.strip().split(" ", -1).length);
    String unit = embed("--truncate-dim=3", "--normalize", FINE);
    double squares = 0;
    for (String value : unit.strip().split(" ", -1)) {
      squares += Math.pow(Double.parseDouble(value), 2);
    }
    assertEquals(1, squares, 1e-6);
    assertTrue(
        Run.of("embed", "--truncate-dim=300", FINE)
            .err()
            .contains("vectors cannot be truncated to 300 values, the model gives 256"));
    assertEquals(2, Run.of("embed", "--truncate-dim=0", FINE).exitCode());
  }
}
