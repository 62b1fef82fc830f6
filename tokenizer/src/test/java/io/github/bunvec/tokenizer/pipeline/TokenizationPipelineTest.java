package io.github.bunvec.tokenizer.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.tokenizer.AddedToken;
import io.github.bunvec.tokenizer.Encoding;
import io.github.bunvec.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the golden data of module engine does not reach: options, errors, odd input. */
class TokenizationPipelineTest {

  private static final Map<String, Integer> VOCABULARY =
      Map.of("[UNK]", 0, "a", 1, "##b", 2, "\uFFFD", 3, "か", 4);

  private static TokenizationPipeline.Builder builder() {
    return TokenizationPipeline.builder(new WordPiece(VOCABULARY, "[UNK]", "##", 100))
        .preTokenizer(new BertPreTokenizer());
  }

  private static int[] ids(Tokenizer tokenizer, String text) {
    return tokenizer.encode(text, Tokenizer.NO_LIMIT).ids();
  }

  @Test
  void unpairedSurrogatesAreReplacementCharacters() {
    Tokenizer tokenizer = builder().build();
    for (String odd : List.of("\uD83D", "\uDE00", "\uDE00\uD83D")) {
      assertArrayEquals(ids(tokenizer, "\uFFFD".repeat(odd.length())), ids(tokenizer, odd));
      assertEquals(List.of("\uFFFD".repeat(odd.length())), tokenizer.words(odd));
    }
    assertArrayEquals(new int[] {3}, ids(tokenizer, "\uD83D"));
  }

  @Test
  void wordsAreNormalizedAndCut() {
    Tokenizer tokenizer = builder().normalizer(new BertNormalizer(true, true, null, true)).build();
    assertEquals(List.of("ae", "東", "京", ",", "b"), tokenizer.words(" AÉ東京, B"));
    assertEquals(List.of(), tokenizer.words(" "));
  }

  @Test
  void addedTokensGetTheNextIds() {
    TokenizationPipeline.Builder builder = builder();
    builder.addTokens(List.of(AddedToken.plain("new"), AddedToken.special("か")));
    builder.addTokens(List.of(AddedToken.plain("newer"), AddedToken.plain("new")));
    assertEquals(5, builder.id("new"));
    assertEquals(4, builder.id("か"));
    assertEquals(6, builder.id("newer"));
    assertEquals(-1, builder.id("none"));
    Tokenizer tokenizer = builder.build();
    assertArrayEquals(new int[] {6, 5, 4, 1}, ids(tokenizer, "newernew かa"));
    assertEquals(7, tokenizer.vocabularySize());
    assertEquals("newer", tokenizer.token(6));
    assertEquals("##b", tokenizer.token(2));
    for (int id : new int[] {-1, 7, Integer.MAX_VALUE}) {
      var e = assertThrows(IllegalArgumentException.class, () -> tokenizer.token(id));
      assertEquals("id " + id + " is none of the 7 ids from 0 on", e.getMessage());
    }
  }

  @Test
  void truncationKeepsWhatSurroundsTheText() {
    Tokenizer tokenizer =
        builder().postProcessor(new PostProcessor(new int[] {7, 8}, new int[] {9})).build();
    Encoding cut = tokenizer.encode("a a a", 4);
    assertArrayEquals(new int[] {7, 8, 1, 9}, cut.ids());
    assertEquals(6, cut.lengthBeforeTruncation());
    assertTrue(cut.truncated());
    assertArrayEquals(new int[] {7, 8, 9}, tokenizer.encode("a", 3).ids());
    assertFalse(tokenizer.encode("", 3).truncated());
    assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("a", 2));
  }

  @Test
  void emptyTokensAreRefused() {
    TokenizationPipeline.Builder builder =
        builder().normalizer(new Strip(true, true)).addTokens(List.of(AddedToken.plain(" ")));
    assertTrue(
        String.valueOf(assertThrows(IllegalArgumentException.class, builder::build).getMessage())
            .contains("is empty when it is normalised"));
  }

  @Test
  void modelsCheckTheirVocabulary() {
    assertThrows(
        IllegalArgumentException.class, () -> new WordPiece(Map.of("a", 0), "[UNK]", "##", 100));
    assertThrows(
        IllegalArgumentException.class, () -> new WordPiece(Map.of("a", -1), "a", "##", 100));
    assertThrows(
        IllegalArgumentException.class, () -> new Unigram(List.of("a"), new double[2], 0, false));
    assertThrows(
        IllegalArgumentException.class, () -> new Unigram(List.of("a"), new double[1], 1, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a*",
        "\\w",
        "\\d",
        "\\p{L}",
        "^a",
        "a$",
        "(?=a)",
        "(?i)a",
        "a++",
        "a+?",
        "a{,2}",
        "[[:alpha:]]",
        "[a&&b]",
        "[a[b]]",
        "\\",
        "a{1",
        "(a",
        "\\b",
        "(a)\\1",
        "a|"
      })
  void expressionsThatDifferBetweenLibrariesAreRefused(String regex) {
    assertThrows(IllegalArgumentException.class, () -> TextPattern.regex(regex), regex);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" {2,}", "\\s+", "[0-9]+", "(?:ab|c)d", "[^a-z]", "\\.", "a.b", "[.?$*]", "\\["})
  void commonExpressionsAreTaken(String regex) {
    assertFalse(TextPattern.regex(regex).pattern().pattern().isEmpty());
  }

  /** Quadratic code would take hours here, not seconds. */
  @Test
  void timeIsLinear() {
    int n = 300_000;
    List<String> tokens = List.of("<unk>", "a", "aa", "aaa", "\u2581");
    Tokenizer unigram =
        TokenizationPipeline.builder(
                new Unigram(tokens, new double[] {0, -1, -2, -2.5, -1}, 0, true))
            .preTokenizer(new Metaspace(0x2581, Metaspace.PrependScheme.ALWAYS, true))
            .build();
    Tokenizer bert =
        builder()
            .normalizer(new BertNormalizer(true, true, null, true))
            .addTokens(List.of(new AddedToken("<x>", true, true, true, false, true)))
            .build();
    for (String part :
        List.of("a", " ", "\u0301", "\u0323\u0301", "か\u3099", "<", "<x>", "?", "😀")) {
      String text = part.repeat(n);
      assertTimeoutPreemptively(
          Duration.ofMinutes(2),
          () -> {
            ids(unigram, text);
            ids(bert, text);
          },
          part);
    }
  }

  /** Any string has ids of the vocabulary, and cutting it nowhere else changes nothing. */
  @Test
  void anyStringIsTokenized() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Tokenizer tokenizer =
        builder()
            .normalizer(
                Normalizer.sequence(UnicodeForm.NFKC, new BertNormalizer(true, true, true, true)))
            .addTokens(List.of(AddedToken.special("か")))
            .build();
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int k = random.nextInt(20); k > 0; k--) {
        text.append((char) random.nextInt(0x10000));
      }
      List<Integer> found = new ArrayList<>();
      for (int id : ids(tokenizer, text.toString())) {
        assertTrue(id >= 0 && id < tokenizer.vocabularySize(), "seed " + seed);
        found.add(id);
      }
      List<Integer> twice = new ArrayList<>(found);
      twice.addAll(found);
      int[] both = ids(tokenizer, text + " か " + text);
      twice.add(found.size(), 4);
      assertEquals(twice, Arrays.stream(both).boxed().toList(), "seed " + seed);
    }
  }
}
