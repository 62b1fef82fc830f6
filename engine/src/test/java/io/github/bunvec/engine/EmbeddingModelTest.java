package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.WeightType;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The facade, on the demonstration model. */
class EmbeddingModelTest {

  private static final List<String> TEXTS =
      List.of(
          "今日はとても良い天気です。",
          "本日は快晴なり。",
          "",
          "猫がソファーの上で丸くなって眠っている。",
          "ﾊﾝｶｸｶﾅ と ＡＢＣ",
          "長い文".repeat(300));

  private static EmbeddingModel model;

  @BeforeAll
  static void load() throws IOException {
    model = EmbeddingModel.loadBundled("mini-ja");
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void tellsTokensAndTruncation() {
    List<Embedding> results = model.encodeAll(TEXTS);
    assertEquals(TEXTS.size(), results.size());
    assertEquals(9, results.getFirst().tokens());
    assertFalse(results.getFirst().truncated());
    assertEquals(2, results.get(2).tokens());
    assertEquals(256, results.getLast().tokens());
    assertTrue(results.getLast().truncated());
  }

  @Test
  void vectorsAreUnitVectorsOfTheDimension() {
    assertEquals(256, model.dimension());
    for (float[] vector : model.embedAll(TEXTS)) {
      assertEquals(256, vector.length);
      assertEquals(1, Similarity.DOT.of(vector, vector), 1e-6);
    }
  }

  @Test
  void eachResultIsAnArrayOfItsOwn() {
    float[] first = model.embed("猫");
    float[] copy = first.clone();
    first[0] = 42;
    assertArrayEquals(copy, model.embed("猫"));
  }

  @Test
  void aTextHasTheSameBitsAloneAndAmongOthers() {
    float[][] all = model.embedAll(TEXTS);
    for (int i = 0; i < TEXTS.size(); i++) {
      assertArrayEquals(all[i], model.embed(TEXTS.get(i)), TEXTS.get(i));
    }
  }

  @Test
  void manyCallersGetTheSameBits() throws Exception {
    float[][] expected = model.embedAll(TEXTS);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<float[][]>> futures = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        int text = i % TEXTS.size();
        Callable<float[][]> call =
            i % 2 == 0
                ? () -> new float[][] {model.embed(TEXTS.get(text))}
                : () -> new float[][] {model.embedAll(TEXTS)[text]};
        futures.add(callers.submit(call));
      }
      for (int i = 0; i < futures.size(); i++) {
        assertArrayEquals(expected[i % TEXTS.size()], futures.get(i).get()[0]);
      }
    }
  }

  @Test
  void moreTextsThanOneRunTakes() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      texts.add("文 " + i + " " + "あ".repeat(i % 17));
    }
    float[][] vectors = model.embedAll(texts);
    for (int i = 0; i < texts.size(); i += 100) {
      assertArrayEquals(model.embed(texts.get(i)), vectors[i]);
    }
  }

  @Test
  void similarTextsAreCloser() {
    double near = model.similarity("今日はとても良い天気です。", "本日は快晴なり。");
    double far = model.similarity("今日はとても良い天気です。", "株価は前日比で下落した。");
    assertTrue(near > far, near + " and " + far);
  }

  @Test
  void weightTypesAgreeForAModelStoredInBfloat16() throws IOException {
    try (EmbeddingModel wide =
        EmbeddingModel.bundled("mini-ja").weightType(WeightType.FP32).threads(1).build()) {
      assertSame(WeightType.BF16, model.info().weightType());
      assertSame(WeightType.FP32, wide.info().weightType());
      assertArrayEquals(wide.embed(TEXTS.getFirst()), model.embed(TEXTS.getFirst()));
    }
  }

  @Test
  void theReferenceBackendAgrees() throws IOException {
    try (EmbeddingModel reference =
        EmbeddingModel.bundled("mini-ja").backend("reference").build()) {
      for (String text : TEXTS.subList(0, 5)) {
        assertArrayEquals(reference.embed(text), model.embed(text), 1e-6f, text);
      }
    }
  }

  @Test
  void errorPolicyNamesTheText() throws IOException {
    try (EmbeddingModel strict =
        EmbeddingModel.bundled("mini-ja")
            .truncation(TruncationPolicy.ERROR)
            .maxLength(20)
            .build()) {
      assertEquals(9, strict.encode(TEXTS.getFirst()).tokens());
      TextTooLongException e =
          assertThrows(TextTooLongException.class, () -> strict.embedAll(TEXTS));
      assertEquals(TEXTS.size() - 1, e.index());
      assertEquals(20, e.maxLength());
      assertTrue(e.tokens() > 256, e.getMessage());
    }
  }

  @Test
  void profilesPrepareTextsDifferently() throws IOException {
    assertSame(Profile.SENTENCE_TRANSFORMERS, model.info().profile());
    assertEquals("a b", model.prepare(" \u3000a b\u001c\n"));
    try (EmbeddingModel plain =
        EmbeddingModel.bundled("mini-ja").profile(Profile.TRANSFORMERS).build()) {
      assertEquals(" a ", plain.prepare(" a "));
    }
  }

  @Test
  void withoutNormalisationTheDirectionIsTheSame() throws IOException {
    try (EmbeddingModel raw = EmbeddingModel.bundled("mini-ja").normalize(false).build()) {
      float[] vector = raw.embed("猫");
      assertTrue(Math.abs(Similarity.DOT.of(vector, vector) - 1) > 0.01);
      assertEquals(1, Similarity.COSINE.of(vector, model.embed("猫")), 1e-6);
    }
  }

  @Test
  void useAfterCloseIsRefused() throws IOException {
    EmbeddingModel closed = EmbeddingModel.loadBundled("mini-ja");
    closed.embed("a");
    closed.close();
    closed.close();
    assertThrows(IllegalStateException.class, () -> closed.embed("a"));
    assertThrows(IllegalStateException.class, () -> closed.embedAll(List.of()));
  }

  @Test
  void closingWaitsForCallsAndTurnsLaterOnesAway() throws Exception {
    EmbeddingModel closing = EmbeddingModel.loadBundled("mini-ja");
    List<String> texts = TEXTS.subList(0, 2);
    float[][] expected = model.embedAll(texts);
    try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        futures.add(
            callers.submit(
                () -> {
                  for (int calls = 0; ; calls++) {
                    try {
                      assertArrayEquals(expected[1], closing.embedAll(texts)[1]);
                    } catch (IllegalStateException e) {
                      return calls;
                    }
                  }
                }));
      }
      Thread.sleep(50);
      closing.close();
      for (Future<Integer> future : futures) {
        future.get();
      }
    }
  }

  @Test
  void messagesSayWhatToDo() {
    assertTrue(
        assertThrows(FileNotFoundException.class, () -> EmbeddingModel.loadBundled("none"))
            .getMessage()
            .contains("bunvec-model-none"));
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> EmbeddingModel.bundled("mini-ja").backend("tpu").build())
            .getMessage()
            .contains("auto, cpu, reference"));
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> EmbeddingModel.bundled("mini-ja").maxLength(513).build())
            .getMessage()
            .contains("max_position_embeddings=512"));
  }
}
