package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Directories as sentence-transformers saves them, from text to vector, against what it makes of
 * them in float64 (tools/golden/sentence_transformers_golden.py).
 */
class PipelinesGoldenTest {

  private static final Path FOLDER = GoldenModel.folder().resolveSibling("pipelines");

  /** One line of cases.tsv. */
  record Case(Path directory, String name, String call, String prompt, String cut, String unit) {

    EmbeddingModel open(String backend, WeightType type) throws IOException {
      EmbeddingModelBuilder builder =
          EmbeddingModel.builder(directory).backend(backend).weightType(type).threads(2);
      if (prompt.startsWith("=")) {
        builder.prompt(prompt.substring(1));
      } else if (!prompt.equals("-")) {
        builder.promptName(prompt);
      }
      if (!cut.equals("-")) {
        builder.truncateDim(Integer.parseInt(cut));
      }
      if (unit.equals("True")) {
        builder.normalize(true);
      }
      return builder.build();
    }

    float[][] vectors(EmbeddingModel model, List<String> texts) {
      if (call.equals("encode")) {
        return model.embedAll(texts);
      }
      return texts.stream()
          .map(text -> call.equals("query") ? model.embedQuery(text) : model.embedDocument(text))
          .toArray(float[][]::new);
    }

    @Override
    public String toString() {
      return directory.getFileName() + " " + name;
    }
  }

  static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (Stream<Path> entries = Files.list(FOLDER)) {
      for (Path directory : entries.filter(Files::isDirectory).sorted().toList()) {
        for (String line : Files.readAllLines(directory.resolve("cases.tsv"))) {
          String[] cells = line.split("\t", -1);
          cases.add(new Case(directory, cells[0], cells[1], cells[2], cells[3], cells[4]));
        }
      }
    }
    assertEquals(22, cases.size(), "cases");
    return cases;
  }

  private static List<String> texts() throws IOException {
    List<String> texts = Files.readAllLines(FOLDER.resolve("texts.txt"));
    assertEquals(8, texts.size(), "texts");
    return texts;
  }

  /** [texts][dimension]. */
  private static double[][] expected(Case c) throws IOException {
    try (SafetensorsFile golden = SafetensorsFile.open(c.directory.resolve("golden.safetensors"))) {
      double[] values = GoldenModel.doubles(golden, c.name + ".f64");
      int dimension = golden.tensor(c.name + ".f64").dim(1);
      double[][] rows = new double[values.length / dimension][dimension];
      for (int i = 0; i < values.length; i++) {
        rows[i / dimension][i % dimension] = values[i];
      }
      return rows;
    }
  }

  private static void check(Case c, String backend, double bound) throws IOException {
    double[][] expected = expected(c);
    try (EmbeddingModel model = c.open(backend, WeightType.FP32)) {
      float[][] found = c.vectors(model, texts());
      assertEquals(expected.length, found.length);
      for (int i = 0; i < found.length; i++) {
        assertEquals(expected[i].length, found[i].length);
        assertEquals(model.dimension(), found[i].length);
        double norm = 0;
        for (double value : expected[i]) {
          norm += value * value;
        }
        for (int j = 0; j < found[i].length; j++) {
          double allowed = bound * Math.max(1, Math.sqrt(norm));
          assertEquals(expected[i][j], found[i][j], allowed, "text " + i + " value " + j);
        }
        if (model.info().normalize()) {
          assertEquals(1, Similarity.DOT.of(found[i], found[i]), 1e-5, "length of text " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void vectorsAreThoseOfSentenceTransformers(Case c) throws IOException {
    check(c, "cpu", 5e-6);
  }

  /** In double precision the last rounding to float is all that is left. */
  @ParameterizedTest
  @MethodSource("cases")
  void theReferenceIsExact(Case c) throws IOException {
    check(c, "reference", 2e-7);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void bfloat16KeepsTheDirection(Case c) throws IOException {
    double[][] expected = expected(c);
    try (EmbeddingModel model = c.open("cpu", WeightType.BF16)) {
      float[][] found = c.vectors(model, texts());
      for (int i = 0; i < found.length; i++) {
        double dot = 0;
        double own = 0;
        double other = 0;
        for (int j = 0; j < found[i].length; j++) {
          dot += expected[i][j] * found[i][j];
          own += (double) found[i][j] * found[i][j];
          other += expected[i][j] * expected[i][j];
        }
        double cosine = other == 0 && own == 0 ? 1 : dot / Math.sqrt(own * other);
        assertTrue(cosine >= 0.9998, "text " + i + ": cosine " + cosine);
      }
    }
  }

  /** Alone, together, with other numbers of threads: the same bits. */
  @ParameterizedTest
  @MethodSource("cases")
  void vectorsDoNotDependOnTheCompany(Case c) throws IOException {
    if (!c.call.equals("encode")) {
      return;
    }
    try (EmbeddingModel model = c.open("cpu", WeightType.FP32);
        EmbeddingModel single = EmbeddingModel.builder(c.directory).threads(1).build()) {
      float[][] together = model.embedAll(texts());
      for (int i = 0; i < together.length; i++) {
        assertArrayEquals(together[i], model.embed(texts().get(i)), "text " + i);
        if (c.name.equals("plain")) {
          assertArrayEquals(together[i], single.embed(texts().get(i)), "text " + i);
        }
      }
    }
  }
}
