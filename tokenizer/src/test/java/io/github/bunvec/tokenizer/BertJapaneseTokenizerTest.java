package io.github.bunvec.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.tokenizer.ipadic.Ipadic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class BertJapaneseTokenizerTest {

  private static final int CLASSIFIER = 2;
  private static final int SEPARATOR = 3;

  private static Vocabulary vocabulary = Vocabulary.of(List.of());
  private static List<GoldenCase> golden = List.of();

  @BeforeAll
  static void readFiles() throws IOException {
    vocabulary = BertJapaneseTokenizerGoldenTest.vocabulary();
    golden = BertJapaneseTokenizerGoldenTest.cases();
  }

  private static BertJapaneseTokenizer.Builder builder() {
    return BertJapaneseTokenizer.builder(vocabulary).dictionary(Ipadic.dictionary());
  }

  @Test
  void refusesWhatIsNotSupportedByName() {
    for (WordTokenizerType type : List.of(WordTokenizerType.SUDACHI, WordTokenizerType.JUMANPP)) {
      BertJapaneseTokenizer.Builder builder = builder().wordTokenizer(type);
      IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
      assertEquals(
          "word_tokenizer_type "
              + type.name().toLowerCase(Locale.ROOT)
              + " is not supported, expected mecab or basic",
          e.getMessage());
    }
    BertJapaneseTokenizer.Builder builder =
        builder().subwordTokenizer(SubwordTokenizerType.SENTENCEPIECE);
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals(
        "subword_tokenizer_type sentencepiece needs a SentencePiece model, spiece.model",
        e.getMessage());
    assertEquals(
        "subword_tokenizer_type sentencepiece needs do_subword_tokenize true, found false",
        assertThrows(IllegalArgumentException.class, () -> builder.doSubwordTokenize(false).build())
            .getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> BertJapaneseTokenizer.builder(vocabulary).build());
    assertThrows(IllegalArgumentException.class, () -> AddedToken.special(""));
    assertThrows(
        IllegalArgumentException.class,
        () -> builder().addedTokens(Map.of(-1, AddedToken.plain("x"))).build());
  }

  @Test
  void refusesLengthsWithoutRoomForSpecialTokens() {
    BertJapaneseTokenizer tokenizer = builder().build();
    assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("猫", 1));
    assertArrayEquals(new int[] {CLASSIFIER, SEPARATOR}, tokenizer.encode("猫", 2).ids());
    assertTrue(tokenizer.encode("猫", 2).truncated());
    assertFalse(tokenizer.encode("", 2).truncated());
  }

  @Test
  void specialTokensTheVocabularyLacksGetTheNextIds() {
    Vocabulary small = Vocabulary.of(List.of("猫", "[SEP]", "[UNK]"));
    BertJapaneseTokenizer tokenizer =
        BertJapaneseTokenizer.builder(small).dictionary(Ipadic.dictionary()).build();
    // transformers adds them in the order unknown, separator, padding, classifier, mask.
    assertEquals(List.of("[PAD]", "[CLS]", "[MASK]"), tokens(tokenizer, 3, 4, 5));
    assertEquals(6, tokenizer.vocabularySize());
    assertArrayEquals(new int[] {4, 0, 2, 5, 1}, tokenizer.encode("猫犬[MASK]", 9).ids());
    assertThrows(IllegalArgumentException.class, () -> tokenizer.token(6));
    assertThrows(IllegalArgumentException.class, () -> tokenizer.token(-1));
  }

  private static List<String> tokens(Tokenizer tokenizer, int... ids) {
    return Arrays.stream(ids).mapToObj(tokenizer::token).toList();
  }

  @Test
  void randomUnicodeKeepsTheInvariants() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<BertJapaneseTokenizer> tokenizers =
        List.of(
            builder().build(),
            builder().doLowerCase(true).neverSplit(List.of("A")).build(),
            builder().subwordTokenizer(SubwordTokenizerType.CHARACTER).build(),
            builder()
                .addedTokens(
                    Map.of(
                        5000,
                        new AddedToken("漢", true, true, true, true, false),
                        5001,
                        AddedToken.plain("a\uD842\uDFB7")))
                .build());
    for (int i = 0; i < 20_000; i++) {
      String text = randomText(random);
      BertJapaneseTokenizer tokenizer = tokenizers.get(i % tokenizers.size());
      try {
        checkInvariants(tokenizer, text, random.nextInt(2, 20));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "seed " + seed + ", text " + text.codePoints().boxed().toList(), e);
      }
    }
  }

  private static void checkInvariants(Tokenizer tokenizer, String text, int maxLength) {
    int[] whole = tokenizer.encode(text, Tokenizer.NO_LIMIT).ids();
    assertEquals(CLASSIFIER, whole[0]);
    assertEquals(SEPARATOR, whole[whole.length - 1]);
    for (int id : whole) {
      assertTrue(id >= 0 && id < tokenizer.vocabularySize());
      assertFalse(tokenizer.token(id).isEmpty());
    }
    Encoding cut = tokenizer.encode(text, maxLength);
    assertEquals(whole.length, cut.lengthBeforeTruncation());
    assertEquals(whole.length > maxLength, cut.truncated());
    int[] expected = Arrays.copyOf(whole, Math.min(whole.length, maxLength));
    expected[expected.length - 1] = SEPARATOR;
    assertArrayEquals(expected, cut.ids());
    for (String word : tokenizer.words(text)) {
      assertFalse(word.isEmpty());
    }
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(30);
    for (int i = 0; i < length; i++) {
      switch (random.nextInt(6)) {
        case 0 -> text.append((char) random.nextInt(0x10000)); // surrogates too
        case 1 -> text.appendCodePoint(random.nextInt(0x110000));
        case 2 -> text.append((char) random.nextInt(0x80));
        case 3 -> text.append((char) random.nextInt(0x3040, 0x3100));
        case 4 -> text.append((char) random.nextInt(0x4E00, 0x9FA6));
        default -> text.append(new String[] {"[SEP]", "[S", "漢", "a𠮷", "  "}[random.nextInt(5)]);
      }
    }
    return text.toString();
  }

  /** A megabyte of one thing after another; an algorithm that is not linear would not come back. */
  @Test
  void longTextsCompleteAndAreTheSumOfTheirParts() {
    BertJapaneseTokenizer tokenizer = builder().build();
    for (String unit :
        List.of(
            "猫", "カ", "9", "a", " ", "　", "東京", "あ", "𠮷", "☆", "犬 ", "[SEP]", "[", "ー",
            "か\u3099")) {
      // A blank and a full stop between blocks make the blocks independent of each other.
      String block = unit.repeat(2000) + " 。 ";
      int blockLength = tokenizer.encode(block, Tokenizer.NO_LIMIT).lengthBeforeTruncation() - 2;
      int blocks = (1 << 20) / block.getBytes(StandardCharsets.UTF_8).length + 1;
      Encoding encoding = tokenizer.encode(block.repeat(blocks), 64);
      assertEquals((long) blocks * blockLength + 2, encoding.lengthBeforeTruncation(), unit);
      assertTrue(encoding.truncated());
      assertEquals(64, encoding.ids().length);
      // The same without a break.
      Encoding run = tokenizer.encode(unit.repeat((1 << 20) / (3 * unit.length())), 512);
      assertTrue(run.lengthBeforeTruncation() >= 2, unit);
    }
    assertTrue(
        tokenizer.retainedBytes()
            <= Runtime.getRuntime().availableProcessors() * WorkspacePool.MAX_RETAINED_BYTES);
  }

  @Test
  void manyThreadsGetTheSameResults() throws InterruptedException, ExecutionException {
    BertJapaneseTokenizer tokenizer = builder().build();
    List<String> texts = golden.stream().map(GoldenCase::text).distinct().toList();
    List<List<Integer>> expected = encodeAll(tokenizer, texts, 0);
    try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
      List<Future<List<List<Integer>>>> results = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        int first = thread * 97;
        results.add(executor.submit(() -> encodeAll(tokenizer, texts, first)));
      }
      for (Future<List<List<Integer>>> result : results) {
        assertEquals(expected, result.get());
      }
    }
  }

  /** Encodes all texts, beginning with a later one; the results stand in the order of the texts. */
  private static List<List<Integer>> encodeAll(Tokenizer tokenizer, List<String> texts, int first) {
    List<List<Integer>> all = new ArrayList<>(Collections.nCopies(texts.size(), List.of()));
    for (int i = 0; i < texts.size(); i++) {
      int at = (first + i) % texts.size();
      int[] ids = tokenizer.encode(texts.get(at), Tokenizer.NO_LIMIT).ids();
      all.set(at, Arrays.stream(ids).boxed().toList());
    }
    return all;
  }
}
