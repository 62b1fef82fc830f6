package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.loader.PoolingMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Models composed in code equal those that a directory describes. */
class ModelCompositionTest {

  private static final List<String> TEXTS = List.of("", "猫", "今日はとても良い天気です。");

  private static final Path FOLDER = GoldenModel.folder().resolveSibling("pipelines");

  private static void assertSame(Path directory, EmbeddingModelBuilder composed)
      throws IOException {
    try (EmbeddingModel expected = EmbeddingModel.load(directory);
        EmbeddingModel found = composed.build()) {
      float[][] vectors = expected.embedAll(TEXTS);
      float[][] same = found.embedAll(TEXTS);
      for (int i = 0; i < TEXTS.size(); i++) {
        assertArrayEquals(vectors[i], same[i], TEXTS.get(i));
      }
      assertEquals(expected.info().modules(), found.info().modules());
      assertEquals(expected.dimension(), found.dimension());
      assertEquals(Profile.SENTENCE_TRANSFORMERS, found.info().profile());
      assertEquals("composed of modules", found.info().profileReason());
    }
  }

  @Test
  void transformerPoolingDense() throws IOException {
    Path directory = FOLDER.resolve("dense-tanh");
    EmbeddingModelBuilder composed =
        EmbeddingModel.builder()
            .transformer(directory)
            .pooling(PoolingMode.CLS)
            .dense(directory.resolve("2_Dense"))
            .options();
    assertSame(directory, composed.maxLength(20));
  }

  @Test
  void everyModule() throws IOException {
    Path directory = FOLDER.resolve("dense-norms");
    EmbeddingModelBuilder composed =
        EmbeddingModel.builder()
            .transformer(directory)
            .pooling(PoolingMode.MEAN)
            .dense(directory.resolve("2_Dense"))
            .layerNorm(directory.resolve("4_LayerNorm"))
            .normalize()
            .dense(directory.resolve("6_Dense"))
            .normalize()
            .options();
    assertSame(directory, composed);
  }

  private static void refused(String message, Executable call) {
    Exception e = assertThrows(Exception.class, call);
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.toString());
    assertEquals(1, String.valueOf(e.getMessage()).lines().count());
  }

  @Test
  void modulesThatDoNotFit() throws IOException {
    Path directory = FOLDER.resolve("dense-norms");
    Path narrow = directory.resolve("6_Dense");
    refused(
        "in_features is 40, the Pooling before gives vectors of 32 values",
        () ->
            EmbeddingModel.builder()
                .transformer(directory)
                .pooling(PoolingMode.MEAN)
                .dense(narrow)
                .build());
    refused(
        "modules: module 1 is a Dense before the Pooling",
        () ->
            EmbeddingModel.builder()
                .transformer(directory)
                .dense(narrow)
                .pooling(PoolingMode.MEAN)
                .build());
    assertThrows(
        CheckpointException.class,
        () -> EmbeddingModel.builder().transformer(directory).dense(directory.resolve("9_Dense")));
    refused(
        "9_Dense/config.json: is missing; modules name a Dense module there",
        () -> EmbeddingModel.builder().transformer(directory).dense(directory.resolve("9_Dense")));
  }

  @Test
  void whatIsMissing() {
    refused("a transformer and a pooling", () -> EmbeddingModel.builder().build());
    refused(
        "a transformer and a pooling",
        () -> EmbeddingModel.builder().transformer(FOLDER.resolve("dense-tanh")).build());
    refused(
        "a Pooling before the transformer",
        () -> EmbeddingModel.builder().pooling(PoolingMode.MAX));
    refused("no such model directory", () -> EmbeddingModel.builder().transformer(Path.of("none")));
    refused(
        "at least one mode",
        () -> EmbeddingModel.builder().transformer(FOLDER.resolve("dense-tanh")).pooling());
  }
}
