package io.github.bunvec.tokenizer.mecab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.bunvec.tokenizer.mecab.DictionaryCompiler.Category;
import io.github.bunvec.tokenizer.mecab.DictionaryCompiler.Entry;
import io.github.bunvec.tokenizer.mecab.DictionaryCompiler.Range;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Random dictionaries as real MeCab compiles and reads them; tools/golden/tiny_dictionaries.py. */
final class TinyDictionariesGoldenTest {

  @Test
  void cutsAsMecab() throws IOException {
    int cases = 0;
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(getClass().getResourceAsStream("tiny-dictionaries.jsonl")),
                StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        JsonObject specification = JsonParser.parseString(line).getAsJsonObject();
        Dictionary dictionary = compile(specification).open();
        Lattice lattice = new Lattice(dictionary);
        Lattice settling = new Lattice(dictionary, 1);
        for (JsonElement element : specification.getAsJsonArray("cases")) {
          String text = element.getAsJsonArray().get(0).getAsString();
          List<String> expected = strings(element.getAsJsonArray().get(1));
          assertEquals(
              expected,
              TinyDictionary.words(lattice, text),
              () ->
                  "text " + JsonParser.parseString(element.toString()) + " with " + specification);
          assertEquals(
              expected, TinyDictionary.words(settling, text), "when settled at each place");
          cases++;
        }
      }
    }
    assertTrue(cases > 1000, cases + " cases");
  }

  private static TinyDictionary compile(JsonObject specification) {
    DictionaryCompiler compiler =
        new DictionaryCompiler(
            specification.get("left_size").getAsInt(), specification.get("right_size").getAsInt());
    JsonArray costs = specification.getAsJsonArray("matrix");
    short[] matrix = new short[costs.size()];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = costs.get(i).getAsShort();
    }
    List<Category> categories =
        list(
            specification.get("categories"),
            fields ->
                new Category(
                    fields.get(0).getAsString(),
                    fields.get(1).getAsBoolean(),
                    fields.get(2).getAsBoolean(),
                    fields.get(3).getAsInt()));
    List<Range> ranges =
        list(
            specification.get("ranges"),
            fields ->
                new Range(
                    fields.get(0).getAsInt(), fields.get(1).getAsInt(), strings(fields.get(2))));
    return new TinyDictionary(
        compiler.system(entries(specification.get("entries"))),
        compiler.unknown(entries(specification.get("unknown"))),
        compiler.matrix(matrix),
        DictionaryCompiler.characters(categories, ranges));
  }

  private static List<Entry> entries(JsonElement array) {
    return list(
        array,
        fields ->
            new Entry(
                fields.get(0).getAsString(),
                fields.get(1).getAsInt(),
                fields.get(2).getAsInt(),
                fields.get(3).getAsInt()));
  }

  private static <T> List<T> list(JsonElement array, Function<JsonArray, T> item) {
    return array.getAsJsonArray().asList().stream()
        .map(fields -> item.apply(fields.getAsJsonArray()))
        .toList();
  }

  private static List<String> strings(JsonElement array) {
    return array.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
  }
}
