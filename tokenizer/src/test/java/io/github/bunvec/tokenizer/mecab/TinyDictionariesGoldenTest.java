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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random dictionaries as real MeCab compiles and reads them; tools/golden/tiny_dictionaries.py. */
final class TinyDictionariesGoldenTest {

  @Test
  void cutsAsMecab() throws IOException {
    int cases = 0;
    for (JsonObject specification : specifications("tiny-dictionaries.jsonl")) {
      Dictionary dictionary = compile(specification).open();
      Lattice lattice = new Lattice(dictionary);
      Lattice settling = new Lattice(dictionary, 1);
      for (JsonElement element : specification.getAsJsonArray("cases")) {
        String text = element.getAsJsonArray().get(0).getAsString();
        List<String> expected = strings(element.getAsJsonArray().get(1));
        assertEquals(
            expected,
            TinyDictionary.words(lattice, text),
            () -> "text " + JsonParser.parseString(element.toString()) + " with " + specification);
        assertEquals(expected, TinyDictionary.words(settling, text), "when settled at each place");
        cases++;
      }
    }
    assertTrue(cases > 1000, cases + " cases");
  }

  /** With user dictionaries in either order, ties included; tools/golden/user_dictionaries.py. */
  @Test
  void cutsAsMecabWithUserDictionaries(@TempDir Path folder) throws IOException {
    int cases = 0;
    for (JsonObject specification : specifications("tiny-user-dictionaries.jsonl")) {
      Dictionary system = compile(specification).open();
      List<Path> files = new ArrayList<>();
      for (JsonElement user : specification.getAsJsonArray("users")) {
        Path file = folder.resolve(files.size() + ".dic");
        Files.write(file, compiler(specification).lexicon(Lexicon.TYPE_USER, entries(user)));
        files.add(file);
      }
      for (JsonElement element : specification.getAsJsonArray("cases")) {
        JsonArray fields = element.getAsJsonArray();
        List<Path> order =
            list(fields.get(0), JsonElement::getAsInt).stream().map(files::get).toList();
        assertEquals(
            strings(fields.get(2)),
            TinyDictionary.words(
                new Lattice(system.withUserDictionaries(order)), fields.get(1).getAsString()),
            () -> element + " with " + specification);
        cases++;
      }
    }
    assertTrue(cases > 1000, cases + " cases");
  }

  private static List<JsonObject> specifications(String resource) throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    TinyDictionariesGoldenTest.class.getResourceAsStream(resource)),
                StandardCharsets.UTF_8))) {
      return in.lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    }
  }

  private static DictionaryCompiler compiler(JsonObject specification) {
    return new DictionaryCompiler(
        specification.get("left_size").getAsInt(), specification.get("right_size").getAsInt());
  }

  private static TinyDictionary compile(JsonObject specification) {
    DictionaryCompiler compiler = compiler(specification);
    JsonArray costs = specification.getAsJsonArray("matrix");
    short[] matrix = new short[costs.size()];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = costs.get(i).getAsShort();
    }
    List<Category> categories =
        list(
            specification.get("categories"),
            item ->
                new Category(
                    item.getAsJsonArray().get(0).getAsString(),
                    item.getAsJsonArray().get(1).getAsBoolean(),
                    item.getAsJsonArray().get(2).getAsBoolean(),
                    item.getAsJsonArray().get(3).getAsInt()));
    List<Range> ranges =
        list(
            specification.get("ranges"),
            item ->
                new Range(
                    item.getAsJsonArray().get(0).getAsInt(),
                    item.getAsJsonArray().get(1).getAsInt(),
                    strings(item.getAsJsonArray().get(2))));
    return new TinyDictionary(
        compiler.system(entries(specification.get("entries"))),
        compiler.unknown(entries(specification.get("unknown"))),
        compiler.matrix(matrix),
        DictionaryCompiler.characters(categories, ranges));
  }

  private static List<Entry> entries(JsonElement array) {
    return list(
        array,
        item ->
            new Entry(
                item.getAsJsonArray().get(0).getAsString(),
                item.getAsJsonArray().get(1).getAsInt(),
                item.getAsJsonArray().get(2).getAsInt(),
                item.getAsJsonArray().get(3).getAsInt()));
  }

  private static <T> List<T> list(JsonElement array, Function<JsonElement, T> item) {
    return array.getAsJsonArray().asList().stream().map(item).toList();
  }

  private static List<String> strings(JsonElement array) {
    return list(array, JsonElement::getAsString);
  }
}
