package io.github.bunvec.tokenizer.mecab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.bunvec.tokenizer.ipadic.Ipadic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** User dictionaries compiled by MeCab beside ipadic; tools/golden/user_dictionaries.py. */
final class UserDictionaryTest {

  @TempDir private Path folder;
  private List<Path> files = List.of();

  @BeforeEach
  void copyDictionaries() throws IOException {
    for (String name : List.of("a.dic", "b.dic")) {
      Files.write(folder.resolve(name), resource(name));
    }
    files = List.of(folder.resolve("a.dic"), folder.resolve("b.dic"));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = UserDictionaryTest.class.getResourceAsStream("user/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  @Test
  void cutsAsMecab() throws IOException {
    String golden = new String(resource("golden.jsonl"), StandardCharsets.UTF_8);
    List<String> lines = golden.lines().toList();
    assertEquals(65, lines.size());
    for (String line : lines) {
      JsonArray fields = JsonParser.parseString(line).getAsJsonArray();
      List<Path> order =
          fields.get(0).getAsJsonArray().asList().stream()
              .map(number -> files.get(number.getAsInt()))
              .toList();
      Lattice lattice = new Lattice(Ipadic.dictionary().withUserDictionaries(order));
      List<String> expected =
          fields.get(2).getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
      assertEquals(
          expected, TinyDictionary.words(lattice, fields.get(1).getAsString()), () -> line);
    }
  }

  @Test
  void theSystemDictionaryStaysAsItIs() throws IOException {
    Ipadic.dictionary().withUserDictionaries(files);
    assertEquals(
        List.of("東京", "都民"), TinyDictionary.words(new Lattice(Ipadic.dictionary()), "東京都民"));
  }

  private void assertRefused(Path file, String message) {
    DictionaryException e =
        assertThrows(
            DictionaryException.class,
            () -> Ipadic.dictionary().withUserDictionaries(List.of(file)));
    assertTrue(String.valueOf(e.getMessage()).startsWith(file + ": " + message), e.getMessage());
  }

  @Test
  void refusesWhatIsNoUserDictionaryOfThis() throws IOException {
    assertRefused(folder.resolve("none.dic"), "is missing; expected a user dictionary");
    TinyDictionary tiny = TinyDictionary.of(TinyDictionary.word("a", 1));
    Path system = Files.write(folder.resolve("sys.dic"), tiny.system());
    assertRefused(system, "has dictionary type 0, expected 1 (0 system, 1 user");
    byte[] other =
        new DictionaryCompiler(1, 1)
            .lexicon(Lexicon.TYPE_USER, List.of(TinyDictionary.word("a", 1)));
    Path foreign = Files.write(folder.resolve("foreign.dic"), other);
    assertRefused(foreign, "is made for a matrix of 1 x 1, matrix.bin has 1316 x 1316");
    Path empty = Files.write(folder.resolve("empty.dic"), new byte[0]);
    assertRefused(empty, "has 0 bytes");
  }

  @Test
  void damageIsToldWithTheFile() throws IOException {
    byte[] bytes = resource("a.dic");
    bytes[72 + 3] = 0x7F; // the root's base
    Path file = Files.write(folder.resolve("damaged.dic"), bytes);
    Lattice lattice = new Lattice(Ipadic.dictionary().withUserDictionaries(List.of(file)));
    DictionaryException e =
        assertThrows(DictionaryException.class, () -> TinyDictionary.words(lattice, "猫"));
    assertTrue(String.valueOf(e.getMessage()).startsWith(file + ": has a damaged trie"));
  }

  /** As fugashi 1.5.2 cuts the text with -M 8, -M 40 and without. */
  @Test
  void maximumGroupingSize() {
    String text = "ア".repeat(30);
    Dictionary dictionary = Ipadic.dictionary();
    List<String> eight = TinyDictionary.words(new Lattice(dictionary.withMaxGroupingSize(8)), text);
    assertEquals(12, eight.size());
    assertEquals("アアアアアアアア", eight.getLast());
    assertEquals(
        List.of(text), TinyDictionary.words(new Lattice(dictionary.withMaxGroupingSize(40)), text));
    assertEquals(4, TinyDictionary.words(new Lattice(dictionary), text).size());
    assertThrows(IllegalArgumentException.class, () -> dictionary.withMaxGroupingSize(0));
  }
}
