package io.github.bunvec.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.bunvec.tokenizer.trie.DoubleArray;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VocabularyTest {

  private static Vocabulary read(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Vocabulary.read(new ByteArrayInputStream(bytes), "vocab.txt");
  }

  private static List<String> tokens(String text) throws IOException {
    Vocabulary vocabulary = read(text);
    return IntStream.range(0, vocabulary.size()).mapToObj(vocabulary::token).toList();
  }

  @Test
  void trimsNothing() throws IOException {
    assertEquals(List.of("a ", "\tb", "", "\u3000", "c"), tokens("a \n\tb\n\n\u3000\nc\n"));
    assertEquals(List.of("a", "b"), tokens("a\nb"));
    assertEquals(List.of(), tokens(""));
  }

  /** As Python's text files do, which transformers reads it with; no other separator counts. */
  @Test
  void endsLinesAtCarriageReturnsToo() throws IOException {
    assertEquals(
        List.of("a", "b", "c", "", "d\u2028\u0085\u000Be"),
        tokens("a\r\nb\rc\r\r\nd\u2028\u0085\u000Be"));
  }

  @Test
  void lastOfEqualLinesCounts() throws IOException {
    Vocabulary vocabulary = read("a\nb\na\n");
    assertEquals(2, vocabulary.id("a"));
    assertEquals(1, vocabulary.id("b"));
    assertEquals(-1, vocabulary.id("c"));
    assertEquals(3, vocabulary.size());
    assertEquals(2, vocabulary.distinctTokens());
  }

  @Test
  void trieHoldsAllTokens() {
    Vocabulary vocabulary = Vocabulary.of(List.of("", "東京", "東", "\0", "##京"));
    DoubleArray trie = vocabulary.trie(Map.of("東", 9));
    byte[] text = "東京\0##京".getBytes(StandardCharsets.UTF_8);
    assertEquals(1, trie.lookup(text, 0, 6));
    assertEquals(9, trie.lookup(text, 0, 3));
    assertEquals(3, trie.lookup(text, 6, 7));
    assertEquals(4, trie.lookup(text, 7, 12));
    assertEquals(DoubleArray.NO_VALUE, trie.lookup(text, 3, 6));
    assertEquals(DoubleArray.NO_VALUE, trie.lookup(text, 0, 0));
  }

  @Test
  void namesByteThatIsNotUtf8(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("vocab.txt");
    Files.write(file, new byte[] {'a', '\n', (byte) 0xE3, (byte) 0x81, '\n'});
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Vocabulary.read(file));
    assertEquals(
        file + ": byte 2 is not UTF-8; expected a UTF-8 vocabulary, a token a line",
        e.getMessage());
    assertThrows(NoSuchFileException.class, () -> Vocabulary.read(folder.resolve("none")));
  }
}
