package io.github.bunvec.tokenizer.sentencepiece;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids and pieces of the sentencepiece library; see tools/golden/sentencepiece_golden.py. */
final class SentencePieceGoldenTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nmt_nfkc",
        "nfkc",
        "nmt_nfkc_cf",
        "identity",
        "byte_fallback",
        "user_defined",
        "suffix",
        "raw",
        "numbers"
      })
  void equalsTheLibrary(String name) throws IOException {
    SentencePieceModel model = GoldenModels.read(name);
    List<String> lines = GoldenModels.lines("pieces.jsonl");
    assertTrue(lines.size() >= 90, lines.size() + " cases");
    for (String line : lines) {
      JsonObject golden = JsonParser.parseString(line).getAsJsonObject();
      String text = golden.get("text").getAsString();
      JsonObject expected = golden.getAsJsonObject(name);
      assertEquals(
          list(expected.getAsJsonArray("ids"), JsonElement::getAsInt),
          IntStream.of(model.encode(text)).boxed().toList(),
          text);
      assertEquals(
          list(expected.getAsJsonArray("pieces"), JsonElement::getAsString),
          model.pieces(text),
          text);
    }
  }

  private static <T> List<T> list(
      JsonArray array, java.util.function.Function<JsonElement, T> element) {
    return array.asList().stream().map(element).toList();
  }
}
