package io.github.bunvec.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.github.bunvec.tokenizer.sentencepiece.GoldenModels;
import io.github.bunvec.tokenizer.sentencepiece.SentencePieceModel;
import io.github.bunvec.tokenizer.sentencepiece.TinyModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds of any text; the ids are compared with transformers' in the golden test. */
final class MLukeTokenizerTest {

  private static SentencePieceModel model =
      SentencePieceModel.parse(TinyModel.of("a", "b").bytes());
  private static List<String> golden = List.of();

  @BeforeAll
  static void read() throws IOException {
    model = GoldenModels.read("nmt_nfkc");
    golden =
        GoldenModels.lines("pieces.jsonl").stream()
            .map(line -> JsonParser.parseString(line).getAsJsonObject().get("text").getAsString())
            .toList();
  }

  private static MLukeTokenizer tokenizer() {
    int size = model.size();
    return MLukeTokenizer.builder(model)
        .addedTokens(
            Map.of(
                size + 1, AddedToken.plain("<mask>"),
                size + 2, AddedToken.plain("<ent>"),
                size + 3, AddedToken.plain("<ent2>")))
        .build();
  }

  @Test
  void idsAreThoseOfXlmR() {
    MLukeTokenizer tokenizer = tokenizer();
    int size = model.size();
    assertEquals(size + 4, tokenizer.vocabularySize());
    assertEquals("<s>", tokenizer.token(0));
    assertEquals("<pad>", tokenizer.token(1));
    assertEquals("</s>", tokenizer.token(2));
    assertEquals("<unk>", tokenizer.token(3));
    assertEquals(model.piece(3), tokenizer.token(4));
    assertEquals("<mask>", tokenizer.token(size + 1));
    assertEquals("<ent2>", tokenizer.token(size + 3));
    assertThrows(IllegalArgumentException.class, () -> tokenizer.token(size + 4));
    assertThrows(IllegalArgumentException.class, () -> tokenizer.token(-1));
    assertArrayEquals(new int[] {0, 2}, tokenizer.encode("", Tokenizer.NO_LIMIT).ids());
    assertArrayEquals(
        new int[] {0, size + 2, 1, size + 1, 2},
        tokenizer.encode("<ent><pad>  <mask>", Tokenizer.NO_LIMIT).ids());
  }

  @Test
  void refusesWhatItDoesNotSupport() {
    MLukeTokenizer.Builder builder = MLukeTokenizer.builder(model);
    assertThrows(
        IllegalArgumentException.class,
        () -> builder.addedTokens(Map.of(-1, AddedToken.plain("x"))).build());
    assertThrows(IllegalArgumentException.class, () -> tokenizer().encode("猫", 1));
  }

  @Test
  void wordsArePieces() {
    assertEquals(model.pieces("<s>猫 と犬"), tokenizer().words("<s>猫 と犬"));
    assertEquals(List.of(), tokenizer().words(" "));
  }

  @Test
  void anyStringKeepsTheInvariants() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Tokenizer> tokenizers =
        List.of(
            tokenizer(),
            MLukeTokenizer.builder(GoldenModels.read("byte_fallback")).build(),
            MLukeTokenizer.builder(GoldenModels.read("user_defined"))
                .splitSpecialTokens(true)
                .build());
    for (int i = 0; i < 20_000; i++) {
      String text = randomText(random);
      Tokenizer tokenizer = tokenizers.get(i % tokenizers.size());
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
    assertEquals(0, whole[0]);
    assertEquals(2, whole[whole.length - 1]);
    for (int id : whole) {
      assertTrue(id >= 0 && id < tokenizer.vocabularySize());
      assertFalse(tokenizer.token(id).isEmpty());
    }
    Encoding cut = tokenizer.encode(text, maxLength);
    assertEquals(whole.length, cut.lengthBeforeTruncation());
    int[] expected = Arrays.copyOf(whole, Math.min(whole.length, maxLength));
    expected[expected.length - 1] = 2;
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
        default -> text.append(List.of("<mask>", "<s", "漢", "</s>", "  ").get(random.nextInt(5)));
      }
    }
    return text.toString();
  }

  @Test
  void unpairedSurrogatesCountAsReplacementCharacters() {
    MLukeTokenizer tokenizer = tokenizer();
    assertArrayEquals(
        tokenizer.encode("猫\uFFFD犬\uFFFD", Tokenizer.NO_LIMIT).ids(),
        tokenizer.encode("猫\uD842犬\uDFB7", Tokenizer.NO_LIMIT).ids());
    assertEquals(model.pieces("\uFFFDa"), model.pieces("\uDFB7a"));
  }

  /** A megabyte of one thing after another; an algorithm that is not linear would not come back. */
  @Test
  void longTextsComplete() throws IOException {
    for (String name : List.of("nmt_nfkc", "byte_fallback", "user_defined", "suffix", "raw")) {
      MLukeTokenizer tokenizer = MLukeTokenizer.builder(GoldenModels.read(name)).build();
      for (String unit : List.of("猫", "a", " ", "鱻", "日本", "の日", "🍣", "<s>", "<", "か\u3099")) {
        String text = unit.repeat((1 << 20) / (3 * unit.length()));
        Encoding encoding = tokenizer.encode(text, 64);
        assertTrue(encoding.lengthBeforeTruncation() >= 2, unit);
        assertTrue(encoding.ids().length <= 64, unit);
      }
      assertTrue(
          tokenizer.retainedBytes()
              <= Runtime.getRuntime().availableProcessors() * WorkspacePool.MAX_RETAINED_BYTES);
    }
  }

  @Test
  void manyThreadsGetTheSameResults() throws InterruptedException, ExecutionException {
    MLukeTokenizer tokenizer = tokenizer();
    List<List<Integer>> expected = encodeAll(tokenizer);
    try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
      List<Future<List<List<Integer>>>> results = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        results.add(executor.submit(() -> encodeAll(tokenizer)));
      }
      for (Future<List<List<Integer>>> result : results) {
        assertEquals(expected, result.get());
      }
    }
  }

  private static List<List<Integer>> encodeAll(Tokenizer tokenizer) {
    List<List<Integer>> all = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      for (String text : golden) {
        int[] ids = tokenizer.encode(text, Tokenizer.NO_LIMIT).ids();
        all.add(Arrays.stream(ids).boxed().toList());
      }
    }
    return all;
  }
}
