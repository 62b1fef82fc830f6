package io.github.bunvec.tokenizer.mecab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * A part of unidic-lite and the words of MeCab with all of it; tools/golden/dictionary_subset.py.
 */
final class UnidicLiteSubsetTest {

  @Test
  void cutsAsMecab() throws IOException, URISyntaxException {
    URL folder =
        Objects.requireNonNull(UnidicLiteSubsetTest.class.getResource("golden/unidic-lite-subset"));
    Path directory = Path.of(folder.toURI());
    Lattice lattice = new Lattice(Dictionary.open(directory));
    List<String> lines = Files.readAllLines(directory.resolveSibling("unidic-lite-subset.jsonl"));
    assertTrue(lines.size() > 500, lines.size() + " texts");
    for (String line : lines) {
      JsonArray fields = JsonParser.parseString(line).getAsJsonArray();
      List<String> expected =
          fields.get(1).getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
      assertEquals(
          expected, TinyDictionary.words(lattice, fields.get(0).getAsString()), () -> line);
    }
  }
}
