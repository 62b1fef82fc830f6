package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.PositionRule;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.PoolingMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encoders of RoBERTa's kind behind the facade. Their own numbers are in BackendContract. */
class ArchitecturesTest {

  @TempDir Path directory;

  /** A golden encoder with a tokenizer whose padding has id 1, as that of these encoders. */
  private void copy(String golden) throws IOException {
    Path source = GoldenModel.folder().resolve(golden);
    for (String name : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(source.resolve(name), directory.resolve(name));
    }
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        """
        {"tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "mecab",
         "subword_tokenizer_type": "wordpiece"}
        """);
    Files.writeString(
        directory.resolve("vocab.txt"),
        "[CLS]\n[PAD]\n[SEP]\n[UNK]\n[MASK]\n"
            + IntStream.range(5, 90).mapToObj(i -> "w" + i + "\n").collect(Collectors.joining()));
  }

  @ParameterizedTest
  @CsvSource({
    "roberta-h60-d20-l1-f16, roberta, 128",
    "xlm-roberta-h48-d48-l1-bf16, xlm-roberta, 128",
    "camembert-h80-d80-l1-f16, camembert, 128",
    "luke-h48-d24-l1-f16, luke, 512"
  })
  void positionsFollowThePadding(String golden, String modelType, int maxLength)
      throws IOException {
    copy(golden);
    String text = "猫 [PAD] 犬。 [PAD] 本";
    int[] ids;
    float[] found;
    try (EmbeddingModel model =
        EmbeddingModel.builder(directory).weightType(WeightType.FP32).build()) {
      assertEquals(modelType, model.info().architecture());
      assertEquals(maxLength, model.info().maxLength());
      ids = model.tokenizer().encode(text, 100).ids();
      found = model.embed(text);
      assertEquals(maxLength, model.encode("犬".repeat(2000)).tokens());
    }
    assertTrue(IntStream.of(ids).filter(id -> id == 1).count() == 2, "padding within the text");
    try (Backend backend =
        Backends.choose("reference").provider().create(new BackendOptions(WeightType.FP32, 1))) {
      ForwardPass pass =
          new GoldenModel(GoldenModel.folder().resolve(golden))
              .embedding(backend, List.of(PoolingMode.MEAN), false);
      float[][] expected = new float[1][];
      backend.run(PackedBatch.of(List.of(ids), PositionRule.afterPadding(1), 0), pass, expected);
      assertArrayEquals(expected[0], found, 1e-5f);
      float[][] others = new float[1][];
      backend.run(PackedBatch.of(List.of(ids)), pass, others);
      double difference = 0;
      for (int i = 0; i < found.length; i++) {
        difference = Math.max(difference, Math.abs(found[i] - others[0][i]));
      }
      assertTrue(difference > 1e-3, "positions from 0 give the same vector");
    }
  }

  @Test
  void theMaximumLengthIsWhatThePaddingLeaves() throws IOException {
    copy("luke-h48-d24-l1-f16");
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> EmbeddingModel.builder(directory).maxLength(513).build());
    assertEquals(
        "maximum length is 513, config.json says max_position_embeddings=514,"
            + " of which 512 are left behind the padding's",
        e.getMessage());
  }

  @Test
  void aConfigurationWithoutModelTypeIsABert() throws IOException {
    copy("gelu-h32-d16-l3-gamma-beta");
    Path config = directory.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"model_type\": \"bert\",", ""));
    try (EmbeddingModel model = EmbeddingModel.load(directory)) {
      assertEquals("bert (config.json has no model_type)", model.info().architecture());
    }
  }
}
