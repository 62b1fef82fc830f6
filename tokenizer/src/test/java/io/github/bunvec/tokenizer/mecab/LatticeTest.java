package io.github.bunvec.tokenizer.mecab;

import static io.github.bunvec.tokenizer.mecab.TinyDictionary.word;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.tokenizer.ipadic.Ipadic;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule of the lattice by itself; real MeCab is asked in the golden tests. */
final class LatticeTest {

  @Test
  void cheapestWayWins() {
    TinyDictionary dictionary = TinyDictionary.of(word("ab", 9), word("a", 5), word("b", 5));
    assertEquals(List.of("ab"), dictionary.words("ab"));
  }

  @Test
  void ofEqualWaysTheOneWhoseLastNodeIsYoungestWins() {
    TinyDictionary dictionary = TinyDictionary.of(word("ab", 10), word("a", 5), word("b", 5));
    assertEquals(List.of("a", "b"), dictionary.words("ab"));
    // "bc" was made at 1, "c" at 2: the younger wins, and before it "b" over "ab".
    TinyDictionary longer =
        TinyDictionary.of(word("ab", 10), word("bc", 10), word("a", 5), word("b", 5), word("c", 5));
    assertEquals(List.of("a", "b", "c"), longer.words("abc"));
  }

  @Test
  void unknownWordsHaveUpToTheCategorysLength() {
    // Five words of one character cost 500; by two, 300.
    assertEquals(3, TinyDictionary.of(word("x", 0)).words("漢字漢字漢").size());
  }

  @Test
  void knownWordsSuppressUnknownOnesUnlessInvoked() {
    TinyDictionary dictionary = TinyDictionary.of(word("漢", 999), word("a", 999));
    assertEquals(List.of("漢", "字字"), dictionary.words("漢字字"));
    assertEquals(List.of("ab"), dictionary.words("ab"));
  }

  @Test
  void runsOfUpTo25CharactersAreOneWord() {
    TinyDictionary dictionary = TinyDictionary.of(word("x", 5000));
    assertEquals(List.of("z".repeat(25)), dictionary.words("z".repeat(25)));
    assertEquals(List.of("z", "z".repeat(25)), dictionary.words("z".repeat(26)));
  }

  @Test
  void blanksBelongToNoWord() {
    TinyDictionary dictionary = TinyDictionary.of(word("a", 1));
    assertEquals(List.of("a", "bc"), dictionary.words("  a   bc  "));
    assertEquals(List.of(), dictionary.words("   "));
    assertEquals(List.of(), dictionary.words(""));
  }

  @Test
  void textEndsAtZeroByte() {
    assertEquals(List.of("ab"), TinyDictionary.of(word("x", 1)).words("ab\0cd"));
  }

  @Test
  void supplementaryCharactersAreOfTheFirstCategory() {
    TinyDictionary dictionary = TinyDictionary.of(word("x", 1));
    assertEquals(List.of("字", "𠮷é𠮷", "字"), dictionary.words("字𠮷é𠮷字"));
  }

  @Test
  void lastCharacterOfBasicPlaneIsRelatedToNone() {
    assertEquals(List.of("éé", "\uFFFF", "é"), TinyDictionary.of(word("x", 1)).words("éé\uFFFFé"));
  }

  /** MeCab counts lengths in 16 bits: what follows 65,536 blanks is lost. */
  @Test
  void textBehind65536BlanksIsLostAsInMecab() {
    TinyDictionary dictionary = TinyDictionary.of(word("x", 1));
    assertEquals(List.of("x", "ab"), dictionary.words("x" + " ".repeat(65_000) + "ab"));
    assertEquals(List.of("x"), dictionary.words("x" + " ".repeat(70_000) + "ab"));
  }

  @Test
  void costsMayExceed32Bits() {
    TinyDictionary dictionary = TinyDictionary.of(word("漢", 32_767));
    assertEquals(Collections.nCopies(100_000, "漢"), dictionary.words("漢".repeat(100_000)));
  }

  @Test
  void settlingChangesNothing() {
    String text = "吾輩は猫である。名前はまだ無い。ＡＢＣ　カタカナカタカナ漢漢漢漢漢𠮷野家 12345 すもももももももものうち".repeat(30);
    List<String> expected =
        TinyDictionary.words(new Lattice(Ipadic.dictionary(), Integer.MAX_VALUE), text);
    for (int settleAt : new int[] {1, 2, 10, 100, 1000}) {
      assertEquals(
          expected, TinyDictionary.words(new Lattice(Ipadic.dictionary(), settleAt), text));
    }
  }

  @Test
  void memoryForNodesDoesNotGrowWithTheText() {
    Lattice lattice = new Lattice(Ipadic.dictionary());
    for (String unit : List.of("カ", "東京都", "a", "猫がいる。")) {
      String text = unit.repeat(400_000 / unit.length());
      int words = TinyDictionary.words(lattice, text).size();
      // What is left: 4 bytes for each of the text, 8 a word, both with room to grow.
      assertTrue(
          lattice.retainedBytes() < 8_000_000 + 1.5 * (12 * text.length() + 8 * words), unit);
    }
  }

  @Test
  void oneLatticeCutsTextAfterText() {
    Lattice lattice = new Lattice(Ipadic.dictionary());
    List<String> words = TinyDictionary.words(lattice, "すもももももももものうち");
    assertEquals(List.of("すもも", "も", "もも", "も", "もも", "の", "うち"), words);
    assertEquals(List.of(), TinyDictionary.words(lattice, ""));
    assertEquals(words, TinyDictionary.words(lattice, "すもももももももものうち"));
  }
}
