package io.github.bunvec.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.bunvec.tokenizer.ipadic.Ipadic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Words, tokens and ids of transformers 4.57.6; see tools/golden/bert_japanese.py. */
final class BertJapaneseTokenizerGoldenTest {

  private static InputStream resource(String name) {
    return Objects.requireNonNull(
        BertJapaneseTokenizerGoldenTest.class.getResourceAsStream(name), name);
  }

  static Vocabulary vocabulary() throws IOException {
    try (InputStream in = resource("bert-japanese-vocab.txt")) {
      return Vocabulary.read(in, "bert-japanese-vocab.txt");
    }
  }

  static List<GoldenCase> cases() throws IOException {
    List<GoldenCase> cases = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(resource("bert-japanese.jsonl"), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        cases.add(GoldenCase.parse(line));
      }
    }
    return cases;
  }

  @Test
  void equalsTransformers() throws IOException {
    Vocabulary vocabulary = vocabulary();
    Map<JsonObject, BertJapaneseTokenizer> tokenizers = new HashMap<>();
    List<GoldenCase> cases = cases();
    assertTrue(cases.size() >= 400, cases.size() + " cases");
    for (GoldenCase expected : cases) {
      BertJapaneseTokenizer tokenizer =
          tokenizers.computeIfAbsent(
              expected.options(),
              options -> GoldenCase.tokenizer(options, vocabulary, Ipadic.dictionary()));
      GoldenCase actual =
          GoldenCase.result(tokenizer, expected.options(), expected.text(), expected.maxLength());
      assertEquals(expected, actual);
    }
    assertTrue(tokenizers.size() >= 10, tokenizers.size() + " sets of options");
  }
}
