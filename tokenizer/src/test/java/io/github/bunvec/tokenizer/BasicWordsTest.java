package io.github.bunvec.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Cases whose results follow from the rules; the golden test compares with transformers. */
final class BasicWordsTest {

  @Test
  void cutsAtWhitespaceAndPunctuation() {
    assertEquals(
        List.of("東京", "、", "大阪", "A", "+", "b", "。"), BasicWords.of("東京、大阪　A+b。", false, Set.of()));
    assertEquals(
        List.of("a", "b"), BasicWords.of("a\u2028b\u0000\uFFFD\u200B\uE000", false, Set.of()));
    assertEquals(List.of(), BasicWords.of(" \u3000\t\uD842", false, Set.of()));
  }

  @Test
  void lowerCaseDropsAccents() {
    assertEquals(List.of("aeか"), BasicWords.of("ÀÉが", true, Set.of()));
    assertEquals(List.of("Àが"), BasicWords.of("A\u0300か\u3099", false, Set.of()));
  }

  @Test
  void keepsWhatIsNotToBeSplit() {
    assertEquals(List.of("A-B", "a", "-", "b"), BasicWords.of("A-B a-b", true, Set.of("A-B")));
  }

  /** Two marks of different class in turn, which JDK's Normalizer sorts in quadratic time. */
  @Test
  void longRunsOfMarksComplete() {
    String marks = "\u0301\u0323".repeat(200_000);
    assertEquals(1, BasicWords.of("a" + marks, false, Set.of()).size());
    assertEquals(List.of("a"), BasicWords.of("a" + marks, true, Set.of()));
    // Half-width voiced sound marks are no marks here.
    String halfWidth = "ｶ" + "\uFF9E".repeat(100);
    assertEquals(List.of(halfWidth), BasicWords.of(halfWidth, false, Set.of()));
  }
}
