package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.loader.PoolingMode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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
  void keepsAComposition() throws IOException {
    Path parts = GoldenModel.folder().resolveSibling("pipelines").resolve("dense-norms");
    try (EmbeddingModel model =
        EmbeddingModel.builder()
            .transformer(parts)
            .pooling(PoolingMode.MEAN)
            .dense(parts.resolve("2_Dense"))
            .layerNorm(parts.resolve("4_LayerNorm"))
            .normalize()
            .options()
            .maxLength(9)
            .threads(1)
            .build()) {
      assertSameWhenLoaded(model);
      try (EmbeddingModel loaded = EmbeddingModel.load(folder.resolve("saved"))) {
        assertEquals(model.info().modules(), loaded.info().modules());
      }
    }
  }

  /** Without these names the library does not open a directory. */
  @Test
  void namesTheClassesThatOldFilesLeaveOut() throws IOException {
    Path old = Lookalike.folder().resolve("a-sentence-bert-v1");
    assertFalse(Files.readString(old.resolve("config.json")).contains("\"model_type\""));
    try (EmbeddingModel model =
        EmbeddingModel.builder(old).profile(Profile.SENTENCE_TRANSFORMERS).threads(1).build()) {
      assertSameWhenLoaded(model);
    }
    Path saved = folder.resolve("saved");
    assertTrue(Files.readString(saved.resolve("config.json")).contains("\"model_type\": \"bert\""));
    assertTrue(
        Files.readString(saved.resolve("tokenizer_config.json"))
            .contains("\"tokenizer_class\": \"BertJapaneseTokenizer\""));
  }

  /** The Hub's cache has links to files elsewhere; what is saved stands alone. */
  @Test
  void savesFilesThatLinksLeadTo() throws IOException {
    Path linked = folder.resolve("linked");
    Path real = folder.resolve("real");
    try (EmbeddingModel model = mini().build()) {
      model.save(real);
    }
    try (Stream<Path> files = Files.walk(real)) {
      for (Path file : files.toList()) {
        Path link = linked.resolve(real.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(link);
        } else {
          Files.createSymbolicLink(link, file);
        }
      }
    }
    try (EmbeddingModel model = EmbeddingModel.builder(linked).threads(1).build()) {
      assertSameWhenLoaded(model);
    }
    try (Stream<Path> files = Files.walk(folder.resolve("saved"))) {
      assertTrue(files.noneMatch(Files::isSymbolicLink));
    }
  }

  @Test
  void aSourceThatHasGone() throws IOException {
    Path source = folder.resolve("source");
    try (EmbeddingModel model = mini().build()) {
      model.save(source);
    }
    try (EmbeddingModel model = EmbeddingModel.builder(source).threads(1).build()) {
      Files.move(source, folder.resolve("elsewhere"));
      IOException e = assertThrows(IOException.class, () -> model.save(folder.resolve("saved")));
      assertTrue(e.toString().contains(source + ": no such model directory"), e.toString());
    }
    assertFalse(Files.exists(folder.resolve("saved")));
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
