package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * That a saved model gives the vectors of the one it was saved from. What Python makes of it is
 * compared by {@code tools/golden/saved_model_check.py}.
 */
class ModelSavingTest {

  private static final List<String> TEXTS =
      List.of("猫が好きです。", " Ｈｅｌｌｏ World ", "", "吾輩は猫である。名前はまだ無い。");

  @TempDir private Path folder;

  private static EmbeddingModelBuilder mini() {
    return EmbeddingModel.bundled("mini-ja").threads(1);
  }

  private void assertSameWhenLoaded(EmbeddingModel model) throws IOException {
    Path saved = folder.resolve("saved");
    model.save(saved);
    try (EmbeddingModel loaded = EmbeddingModel.builder(saved).threads(1).build()) {
      float[][] expected = model.embedAll(TEXTS);
      float[][] actual = loaded.embedAll(TEXTS);
      for (int i = 0; i < expected.length; i++) {
        assertArrayEquals(expected[i], actual[i], TEXTS.get(i));
      }
      assertEquals(model.info().maxLength(), loaded.info().maxLength());
      assertEquals(model.info().normalize(), loaded.info().normalize());
      assertEquals(model.info().prompt(), loaded.info().prompt());
    }
  }

  @Test
  void keepsTheModel() throws IOException {
    try (EmbeddingModel model = mini().build()) {
      assertSameWhenLoaded(model);
    }
  }

  @Test
  void keepsWhatTheBuilderChanged() throws IOException {
    try (EmbeddingModel model =
        mini().maxLength(6).normalize(false).truncateDim(40).prompt("検索文書: ").build()) {
      assertSameWhenLoaded(model);
    }
  }

  @Test
  void addsNormalize() throws IOException {
    Path plain = folder.resolve("plain");
    try (EmbeddingModel model = mini().normalize(false).build()) {
      model.save(plain);
      assertFalse(Files.readString(plain.resolve("modules.json")).contains("Normalize"));
    }
    try (EmbeddingModel model = EmbeddingModel.builder(plain).normalize(true).build()) {
      assertSameWhenLoaded(model);
    }
    assertTrue(
        Files.readString(folder.resolve("saved/modules.json"))
            .contains("sentence_transformers.models.Normalize"));
  }

  @Test
  void namesTheDictionaryThatWasLeftOpen() throws IOException {
    try (EmbeddingModel model = mini().build()) {
      model.save(folder.resolve("saved"));
    }
    assertTrue(
        Files.readString(folder.resolve("saved/tokenizer_config.json"))
            .contains("\"mecab_dic\": \"ipadic\""));
  }

  @Test
  void refusesWhatCannotBeSaved() throws IOException {
    Path saved = folder.resolve("saved");
    try (EmbeddingModel model = mini().truncateDim(8).normalize(true).build()) {
      assertThrows(IllegalStateException.class, () -> model.save(saved));
      assertFalse(Files.exists(saved));
    }
    Files.createDirectory(saved);
    try (EmbeddingModel model = mini().build()) {
      assertThrows(FileAlreadyExistsException.class, () -> model.save(saved));
    }
    try (var left = Files.list(folder)) {
      assertEquals(List.of(saved), left.toList());
    }
  }
}
