package io.github.bunvec.tokenizer.mecab;

import static io.github.bunvec.tokenizer.mecab.TinyDictionary.word;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.tokenizer.mecab.DictionaryCompiler.Category;
import io.github.bunvec.tokenizer.mecab.DictionaryCompiler.Entry;
import io.github.bunvec.tokenizer.mecab.DictionaryCompiler.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DictionaryErrorTest {

  private final TinyDictionary tiny = TinyDictionary.of(word("ab", 1), word("漢字", 2));

  private static void assertRefused(TinyDictionary dictionary, String message) {
    DictionaryException e = assertThrows(DictionaryException.class, dictionary::open);
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }

  private TinyDictionary withSystem(byte[] system) {
    return new TinyDictionary(system, tiny.unknown(), tiny.matrix(), tiny.characters());
  }

  private TinyDictionary withCharacters(byte[] characters) {
    return new TinyDictionary(tiny.system(), tiny.unknown(), tiny.matrix(), characters);
  }

  private static byte[] withInt(byte[] bytes, int offset, int value) {
    byte[] copy = bytes.clone();
    ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
    return copy;
  }

  private static int intAt(byte[] bytes, int offset) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
  }

  @Test
  void opensWhenWhole() {
    assertEquals(List.of("ab", "漢字"), tiny.words("ab漢字"));
  }

  @Test
  void shorterThanItsHeader() {
    assertRefused(withSystem(Arrays.copyOf(tiny.system(), 71)), "sys.dic: has 71 bytes");
    assertRefused(withSystem(new byte[0]), "sys.dic: has 0 bytes");
  }

  @Test
  void wrongMagicNumberOrCut() {
    byte[] cut = Arrays.copyOf(tiny.system(), tiny.system().length - 1);
    assertRefused(withSystem(cut), "sys.dic: is no MeCab dictionary or was cut");
  }

  @Test
  void otherVersion() {
    assertRefused(withSystem(withInt(tiny.system(), 4, 101)), "format version 101, expected 102");
  }

  @Test
  void otherType() {
    assertRefused(withSystem(tiny.unknown()), "sys.dic: has dictionary type 2, expected 0");
    assertRefused(
        new TinyDictionary(tiny.system(), tiny.system(), tiny.matrix(), tiny.characters()),
        "unk.dic: has dictionary type 0, expected 2");
  }

  @Test
  void otherCharset() {
    byte[] bytes = tiny.system().clone();
    Arrays.fill(bytes, 40, 72, (byte) 0);
    byte[] name = "EUC-JP".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(name, 0, bytes, 40, name.length);
    assertRefused(withSystem(bytes), "has charset 'EUC-JP', expected UTF-8");
  }

  @Test
  void partsOfOtherSizesThanTheFile() {
    byte[] bytes = tiny.system();
    assertRefused(withSystem(withInt(bytes, 32, 8)), "its header says");
    // The sum is right, the parts are no whole units and tokens.
    byte[] moved = withInt(withInt(bytes, 24, intAt(bytes, 24) - 4), 28, intAt(bytes, 28) + 4);
    assertRefused(withSystem(moved), "expected multiples of 8 and 16");
    byte[] noTrie =
        withInt(withInt(bytes, 24, 0), 32, intAt(bytes, 24)); // all of it called features
    assertRefused(withSystem(noTrie), "has a trie of 0 bytes");
  }

  /** Opens, as headers and sizes are right, and tells the damage when a text leads to it. */
  private static void assertRefusedAtUse(TinyDictionary dictionary, String text, String message) {
    Lattice lattice = new Lattice(dictionary.open());
    DictionaryException e =
        assertThrows(DictionaryException.class, () -> TinyDictionary.words(lattice, text));
    assertTrue(String.valueOf(e.getMessage()).startsWith("sys.dic: "), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
    assertEquals(1, String.valueOf(e.getMessage()).lines().count(), e.getMessage());
  }

  @Test
  void tokenWithIdBeyondTheMatrix() {
    int firstToken = 72 + intAt(tiny.system(), 24);
    TinyDictionary left = withSystem(withInt(tiny.system(), firstToken, 1));
    assertRefusedAtUse(left, "ab", "token 0 with left id 1");
    assertEquals(List.of("漢字"), left.words("漢字"));
    assertRefusedAtUse(
        withSystem(withInt(tiny.system(), firstToken, 1 << 16)), "ab", "left id 0 and right id 1");
  }

  @Test
  void unknownWordWithIdBeyondTheMatrix() {
    byte[] unknown = tiny.unknown();
    assertRefused(
        new TinyDictionary(
            tiny.system(),
            withInt(unknown, 72 + intAt(unknown, 24), 7),
            tiny.matrix(),
            tiny.characters()),
        "unk.dic: has a token 0 with left id 7");
  }

  @Test
  void damagedTrie() {
    for (int base : new int[] {Integer.MAX_VALUE, 1 << 20, -1, Integer.MIN_VALUE}) {
      assertRefusedAtUse(
          withSystem(withInt(tiny.system(), 72, base)), "ab", "has a damaged trie: a unit points");
    }
  }

  @Test
  void everyDamagedUnitIsToldOrMeansOtherWords() {
    byte[] bytes = tiny.system();
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int told = 0;
    for (int unit = 0; unit < intAt(bytes, 24) / 8; unit++) {
      if (intAt(bytes, 72 + 8 * unit) == 0) {
        continue;
      }
      for (int i = 0; i < 50; i++) {
        TinyDictionary damaged = withSystem(withInt(bytes, 72 + 8 * unit, random.nextInt()));
        try {
          assertEquals("ab漢字", String.join("", damaged.words("ab漢字")), "seed " + seed);
        } catch (DictionaryException e) {
          assertTrue(String.valueOf(e.getMessage()).startsWith("sys.dic: has a "), e.getMessage());
          told++;
        }
      }
    }
    assertTrue(told > 100, told + " told, seed " + seed);
  }

  @Test
  void trieValueBeyondTheTokens() {
    byte[] bytes = tiny.system();
    int units = intAt(bytes, 24) / 8;
    int leaf = 0;
    while (intAt(bytes, 72 + 8 * leaf) >= 0) {
      leaf++;
    }
    assertTrue(leaf < units);
    for (int value : new int[] {2 << 8 | 1, 1 << 8 | 2, 0x7FFFFF01}) {
      byte[] damaged = withInt(bytes, 72 + 8 * leaf, -value - 1);
      assertRefusedAtUse(withSystem(damaged), "ab漢字", "there are 2 tokens");
    }
  }

  @Test
  void matrixOfWrongSize() {
    assertRefused(
        new TinyDictionary(tiny.system(), tiny.unknown(), new byte[3], tiny.characters()),
        "matrix.bin: has 3 bytes");
    assertRefused(
        new TinyDictionary(
            tiny.system(), tiny.unknown(), new byte[] {1, 0, 2, 0, 0, 0}, tiny.characters()),
        "matrix.bin: has 6 bytes, a matrix of 1 x 2 has 8");
  }

  @Test
  void matrixOfAnotherDictionary() {
    assertRefused(
        new TinyDictionary(
            tiny.system(),
            tiny.unknown(),
            new DictionaryCompiler(2, 3).matrix(new short[6]),
            tiny.characters()),
        "sys.dic: is made for a matrix of 1 x 1, matrix.bin has 2 x 3");
  }

  @Test
  void charactersOfWrongSize() {
    assertRefused(withCharacters(new byte[2]), "char.bin: has 2 bytes and -1 categories");
    assertRefused(
        withCharacters(Arrays.copyOf(tiny.characters(), 1000)), "has 1000 bytes and 4 categories");
    assertRefused(withCharacters(withInt(tiny.characters(), 0, 19)), "and 19 categories");
  }

  @Test
  void characterOfNoCategory() {
    int letterA = 4 + 32 * 4 + 4 * 'A';
    assertRefused(
        withCharacters(withInt(tiny.characters(), letterA, 1 << 4)),
        "U+0041 has default category 0 and categories 10, there are 4");
    assertRefused(
        withCharacters(withInt(tiny.characters(), letterA, 4 << 18)),
        "U+0041 has default category 4");
  }

  @Test
  void categoryWithoutUnknownWords() {
    byte[] characters =
        DictionaryCompiler.characters(List.of(new Category("OTHER", true, true, 0)), List.of());
    assertRefused(withCharacters(characters), "unk.dic: has no entry for the category OTHER");
  }

  @Test
  void namesTheDirectoryAndTheMissingFile(@TempDir Path folder) throws IOException {
    Files.write(folder.resolve("sys.dic"), tiny.system());
    DictionaryException e = assertThrows(DictionaryException.class, () -> Dictionary.open(folder));
    assertTrue(
        String.valueOf(e.getMessage()).startsWith(folder.resolve("unk.dic") + ": is missing"),
        e.getMessage());
  }

  @Test
  void opensDirectory(@TempDir Path folder) throws IOException {
    Files.write(folder.resolve("sys.dic"), tiny.system());
    Files.write(folder.resolve("unk.dic"), tiny.unknown());
    Files.write(folder.resolve("matrix.bin"), tiny.matrix());
    Files.write(folder.resolve("char.bin"), tiny.characters());
    Lattice lattice = new Lattice(Dictionary.open(folder));
    assertEquals(List.of("ab", "漢字", "漢"), TinyDictionary.words(lattice, "ab漢字漢"));
  }

  /** Whatever bytes change, a dictionary is refused or works; nothing else is thrown. */
  @Test
  void damagedBytesNeverCrash() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 3000; i++) {
      byte[] system = tiny.system().clone();
      for (int n = random.nextInt(1, 5); n > 0; n--) {
        system[random.nextInt(system.length)] = (byte) random.nextInt(256);
      }
      try {
        List<String> unused = withSystem(system).words("ab漢字 abab漢x漢字");
        assertTrue(unused.size() < 100, "seed " + seed);
      } catch (DictionaryException expected) {
        assertTrue(String.valueOf(expected.getMessage()).startsWith("sys.dic: "), "seed " + seed);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + i, e);
      }
    }
  }

  @Test
  void compilerRefusesWhatDoesNotFit() {
    DictionaryCompiler compiler = new DictionaryCompiler(2, 3);
    for (Entry entry :
        List.of(
            new Entry("", 0, 0, 0),
            new Entry("a", 3, 0, 0),
            new Entry("a", -1, 0, 0),
            new Entry("a", 0, 2, 0),
            new Entry("a", 0, 0, 40_000))) {
      assertThrows(
          IllegalArgumentException.class, () -> compiler.system(List.of(entry)), entry::toString);
    }
    List<Entry> tooMany = Collections.nCopies(256, new Entry("a", 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> compiler.system(tooMany));
    assertThrows(IllegalArgumentException.class, () -> compiler.matrix(new short[5]));
    assertThrows(
        IllegalArgumentException.class, () -> DictionaryCompiler.characters(List.of(), List.of()));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            DictionaryCompiler.characters(
                TinyDictionary.CATEGORIES, List.of(new Range('a', 'b', List.of("NONE")))));
  }
}
