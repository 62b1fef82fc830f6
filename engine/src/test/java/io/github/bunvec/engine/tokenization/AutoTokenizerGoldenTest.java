package io.github.bunvec.engine.tokenization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.dictionary.Dictionaries;
import io.github.bunvec.engine.dictionary.InstalledDictionaries;
import io.github.bunvec.loader.JsonNode;
import io.github.bunvec.loader.ModelDirectory;
import io.github.bunvec.tokenizer.Encoding;
import io.github.bunvec.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Directories with every mix of tokenizer files, as AutoTokenizer opens them (tools/golden). */
class AutoTokenizerGoldenTest {

  private static final List<String> NAMES =
      List.of(
          "bert-vocab",
          "bert-vocab-cased",
          "bert-vocab-accents",
          "bert-vocab-cased-stripped",
          "bert-vocab-flags",
          "bert-vocab-split",
          "bert-vocab-legacy",
          "bert-json-legacy",
          "bert-json",
          "bert-json-flags",
          "bert-both-disagree",
          "bert-json-sequence",
          "electra-json",
          "generic-words",
          "generic-splits",
          "generic-unigram",
          "generic-unigram-first",
          "generic-unigram-never",
          "xlm-roberta-model",
          "xlm-roberta-json",
          "xlm-roberta-both",
          "xlm-roberta-symbols",
          "camembert-model",
          "camembert-json",
          "mluke",
          "mluke-string",
          "mluke-default");

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> idsAreThoseOfAutoTokenizer() throws IOException {
    String[] texts = read("texts").items().stream().map(JsonNode::string).toArray(String[]::new);
    assertTrue(texts.length > 490, texts.length + " texts");
    return NAMES.stream().map(name -> DynamicTest.dynamicTest(name, () -> check(name, texts)));
  }

  private void check(String name, String[] texts) throws IOException {
    JsonNode golden = read(name);
    Tokenizer tokenizer = tokenizer(golden.required("files"));
    int[][] expected =
        golden.required("ids").items().stream()
            .map(row -> row.items().stream().mapToInt(id -> id.integer(0, 1 << 20)).toArray())
            .toArray(int[][]::new);
    assertEquals(texts.length, expected.length);
    for (int i = 0; i < texts.length; i++) {
      int[] found = tokenizer.encode(texts[i], Tokenizer.NO_LIMIT).ids();
      String text = texts[i];
      assertArrayEquals(
          expected[i], found, () -> "text: " + text + ", found " + Arrays.toString(found));
      assertTrue(Arrays.stream(found).allMatch(id -> id < tokenizer.vocabularySize()));
      checkTruncation(tokenizer, text, expected[i]);
    }
    golden
        .required("tokens")
        .members()
        .forEach(
            (id, token) -> assertEquals(token.string(), tokenizer.token(Integer.parseInt(id))));
    // From many threads at once, in any order, the same.
    IntStream.range(0, texts.length)
        .parallel()
        .forEach(
            i ->
                assertArrayEquals(
                    expected[i], tokenizer.encode(texts[i], Tokenizer.NO_LIMIT).ids()));
  }

  /** What is cut off is cut before the special tokens at the end. */
  private static void checkTruncation(Tokenizer tokenizer, String text, int[] whole) {
    int[] empty = tokenizer.encode("", Tokenizer.NO_LIMIT).ids();
    int limit = empty.length + 3;
    Encoding cut = tokenizer.encode(text, limit);
    assertEquals(whole.length, cut.lengthBeforeTruncation());
    assertEquals(Math.min(limit, whole.length), cut.ids().length);
    assertEquals(whole.length > limit, cut.truncated());
    if (empty.length > 0) {
      assertEquals(whole[whole.length - 1], cut.ids()[cut.ids().length - 1]);
      assertEquals(whole[0], cut.ids()[0]);
    }
  }

  private Tokenizer tokenizer(JsonNode files) throws IOException {
    Path dir = Files.createTempDirectory(folder, "case");
    for (var file : files.members().entrySet()) {
      String text = file.getValue().stringOrNull("text");
      byte[] bytes =
          text != null
              ? text.getBytes(StandardCharsets.UTF_8)
              : Base64.getDecoder().decode(file.getValue().required("base64").string());
      Files.write(dir.resolve(file.getKey()), bytes);
    }
    try (ModelDirectory directory = ModelDirectory.open(dir)) {
      return Tokenizers.of(
          directory, new Dictionaries(InstalledDictionaries.of(Map.of()), null, null));
    }
  }

  private static JsonNode read(String name) throws IOException {
    String resource = "tokenizers/" + name + ".json.gz";
    try (var in = AutoTokenizerGoldenTest.class.getResourceAsStream(resource)) {
      return JsonNode.parse(resource, new GZIPInputStream(in).readAllBytes());
    }
  }
}
