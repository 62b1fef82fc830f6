package io.github.bunvec.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.bunvec.tokenizer.sentencepiece.GoldenModels;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Words, tokens and ids of transformers 4.57.6; see tools/golden/sentencepiece_golden.py. */
final class SentencePieceTokenizersGoldenTest {

  @Test
  void equalTransformers() throws IOException {
    Map<JsonObject, Tokenizer> tokenizers = new HashMap<>();
    List<String> lines = GoldenModels.lines("tokenizers.jsonl");
    assertTrue(lines.size() >= 150, lines.size() + " cases");
    for (String line : lines) {
      String model = JsonParser.parseString(line).getAsJsonObject().get("model").getAsString();
      GoldenCase expected = GoldenCase.parse(line);
      JsonObject key = expected.options().deepCopy();
      key.addProperty("model", model);
      Tokenizer tokenizer = tokenizers.get(key);
      if (tokenizer == null) {
        tokenizer =
            SentencePieceCases.tokenizer(
                expected.options(), GoldenModels.read(model), Vocabulary.of(List.of()));
        tokenizers.put(key, tokenizer);
      }
      GoldenCase actual =
          GoldenCase.result(tokenizer, expected.options(), expected.text(), expected.maxLength());
      assertEquals(expected, actual);
    }
    assertTrue(tokenizers.size() >= 9, tokenizers.size() + " sets of options");
  }
}
