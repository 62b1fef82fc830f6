package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.WeightType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The five reference models' directories, tiny and with random weights, against Python. */
class LookalikeModelsTest {

  private static final Profile PLAIN = Profile.TRANSFORMERS;
  private static final Profile LIBRARY = Profile.SENTENCE_TRANSFORMERS;

  private static final List<Lookalike> ALL =
      List.of(
          Lookalike.of("a-sentence-bert-v2", PLAIN),
          Lookalike.of("a-sentence-bert-v2", LIBRARY),
          Lookalike.of("a-sentence-bert-v1", PLAIN),
          Lookalike.of("b-simcse-clcmlp", LIBRARY).withUnidicLite(),
          Lookalike.of("c-whole-word-masking", PLAIN),
          trained("c-saved-in-folder"),
          trained("c-saved-in-root"),
          Lookalike.of("d-sup-simcse-large", LIBRARY).withUnidicLite(),
          Lookalike.of("e-glucose", LIBRARY));

  private static final float TOLERANCE = 5e-6f;
  private static final double BFLOAT16_COSINE = 0.9998;

  @TempDir private static Path dictionary;

  @BeforeAll
  static void unpackDictionary() throws IOException {
    Lookalike.unpackDictionary(dictionary);
  }

  /** The weights of the untrained model, saved by sentence-transformers: the same vectors. */
  private static Lookalike trained(String directory) {
    return new Lookalike(directory, LIBRARY, "c-whole-word-masking.transformers.jsonl", false);
  }

  static Stream<Arguments> lookalikes() {
    return ALL.stream()
        .flatMap(model -> Stream.of(Arguments.of(model, "cpu"), Arguments.of(model, "reference")));
  }

  @ParameterizedTest
  @MethodSource("lookalikes")
  void idsAndVectorsAreThoseOfPython(Lookalike lookalike, String backend) throws IOException {
    List<Lookalike.Row> rows = lookalike.rows();
    assertEquals(69, rows.size());
    try (EmbeddingModel model =
        builder(lookalike).weightType(WeightType.FP32).backend(backend).build()) {
      float[][] vectors = model.embedAll(rows.stream().map(Lookalike.Row::text).toList());
      for (int i = 0; i < rows.size(); i++) {
        Lookalike.Row row = rows.get(i);
        assertArrayEquals(row.ids(), ids(model, row.text()), row.text());
        assertArrayEquals(unit(row.vector()), unit(vectors[i]), TOLERANCE, row.text());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("lookalikes")
  void bfloat16KeepsTheDirection(Lookalike lookalike, String backend) throws IOException {
    try (EmbeddingModel model =
        builder(lookalike).weightType(WeightType.BF16).backend(backend).build()) {
      for (Lookalike.Row row : lookalike.rows()) {
        double cosine = Similarity.COSINE.of(row.vector(), model.embed(row.text()));
        assertTrue(cosine >= BFLOAT16_COSINE, row.text() + ": " + cosine);
      }
    }
  }

  /** The golden files would not find a wrong profile if both gave the same. */
  @Test
  void theProfilesOfOneDirectoryDiffer() throws IOException {
    List<Lookalike.Row> plain = ALL.get(0).rows();
    List<Lookalike.Row> library = ALL.get(1).rows();
    long different = 0;
    for (int i = 0; i < plain.size(); i++) {
      different += Arrays.equals(plain.get(i).ids(), library.get(i).ids()) ? 0 : 1;
    }
    assertTrue(different >= 10, different + " texts have different ids");
  }

  @Test
  void profilesFollowTheDirectory() throws IOException {
    for (Lookalike lookalike : ALL.subList(1, 3)) {
      try (EmbeddingModel model = EmbeddingModel.load(lookalike.path())) {
        assertSame(lookalike.profile(), model.info().profile());
        assertEquals(lookalike.path().toString(), model.info().source());
      }
    }
  }

  private static EmbeddingModelBuilder builder(Lookalike lookalike) {
    EmbeddingModelBuilder builder =
        EmbeddingModel.builder(lookalike.path()).profile(lookalike.profile()).threads(2);
    return lookalike.unidicLite() ? builder.dictionary(dictionary) : builder;
  }

  private static int[] ids(EmbeddingModel model, String text) {
    return model.tokenizer().encode(model.prepare(text), model.info().maxLength()).ids();
  }

  private static float[] unit(float[] vector) {
    double length = Math.sqrt(Similarity.DOT.of(vector, vector));
    float[] unit = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    return unit;
  }
}
