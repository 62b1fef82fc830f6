package io.github.bunvec.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MixedTextsTest {

  /**
   * Sentences as captions are: half up to 20 characters, three quarters up to 27, the rest to 40.
   */
  private static List<String> captions() {
    List<String> captions = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      int place = i * 7 % 20;
      captions.add("文".repeat(place < 15 ? 10 + place : 25 + 3 * (place - 15)));
    }
    return captions;
  }

  @Test
  void fourHundredTextsHaveTheSpreadOfRealOnes() {
    List<String> texts = MixedTexts.of(captions(), 400);
    int[] lengths = texts.stream().mapToInt(String::length).sorted().toArray();
    assertEquals(400, lengths.length);
    assertTrue(lengths[200] <= 23, "median " + lengths[200]);
    assertTrue(lengths[300] <= 32, "three quarters " + lengths[300]);
    assertTrue(lengths[376] <= 155, "15 in 16: " + lengths[376]);
    assertTrue(lengths[380] > 155, "19 in 20: " + lengths[380]);
    assertTrue(lengths[399] >= 900 && lengths[399] < 945, "longest " + lengths[399]);
  }

  @Test
  void everyFifteenthTextIsMadeOfConsecutiveSentences() {
    List<String> source = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      source.add("文%04d。".formatted(i));
    }
    String all = String.join("", source);
    List<String> texts = MixedTexts.of(source, 60);
    for (int i = 0; i < texts.size(); i++) {
      assertEquals(i % 15 == 14, texts.get(i).length() >= 100, "text " + i);
      assertTrue(all.contains(texts.get(i)), "text " + i);
    }
    assertEquals(texts, MixedTexts.of(source, 60));
    assertFalse(texts.get(14).length() == texts.get(29).length(), "lengths are spread");
  }

  @Test
  void fewSentencesAreUsedAgainAndNoneAreRefused() {
    assertEquals(List.of("一", "二", "一"), MixedTexts.of(List.of("一", " ", "二"), 3));
    assertThrows(IllegalArgumentException.class, () -> MixedTexts.of(List.of(" "), 3));
    assertThrows(IllegalArgumentException.class, () -> MixedTexts.of(List.of("一"), 0));
  }
}
