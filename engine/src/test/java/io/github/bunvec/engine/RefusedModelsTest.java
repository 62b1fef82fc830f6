package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.loader.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Model directories that cannot be run are refused with the file and the reason. */
class RefusedModelsTest {

  private static final String TOKENIZER =
      """
      {"tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "mecab",
       "subword_tokenizer_type": "wordpiece", "mecab_kwargs": {"mecab_dic": %s}}
      """;

  private static final String POOLING =
      """
      {"word_embedding_dimension": 64, "pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}
      """;

  @TempDir Path directory;

  /** A directory that loads: a tiny model with a tokenizer beside it. */
  @BeforeEach
  void copyAModel() throws IOException {
    Path source = GoldenModel.folder().resolve("gelu-h64-d32-l1-masked-lm");
    for (String name : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(source.resolve(name), directory.resolve(name));
    }
    Files.writeString(directory.resolve("tokenizer_config.json"), TOKENIZER.formatted("null"));
    vocabulary(50);
  }

  private void vocabulary(int size) throws IOException {
    Files.writeString(
        directory.resolve("vocab.txt"),
        "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n"
            + IntStream.range(5, size).mapToObj(i -> "w" + i + "\n").collect(Collectors.joining()));
  }

  private void modules(String... types) throws IOException {
    StringBuilder json = new StringBuilder("[");
    for (int i = 0; i < types.length; i++) {
      json.append(i == 0 ? "" : ",")
          .append(
              "{\"idx\": %d, \"name\": \"%d\", \"path\": \"%s\", \"type\": \"sentence_transformers.models.%s\"}"
                  .formatted(i, i, i == 0 ? "" : i + "_" + types[i], types[i]));
      if (types[i].equals("Pooling")) {
        Files.createDirectories(directory.resolve(i + "_Pooling"));
        Files.writeString(directory.resolve(i + "_Pooling/config.json"), POOLING);
      }
    }
    Files.writeString(directory.resolve("modules.json"), json.append(']'));
  }

  private void assertRefused(String... parts) {
    CheckpointException e =
        assertThrows(CheckpointException.class, () -> EmbeddingModel.load(directory).close());
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }

  @Test
  void theDirectoryItselfLoads() throws IOException {
    try (EmbeddingModel model = EmbeddingModel.load(directory)) {
      assertEquals(Profile.TRANSFORMERS, model.info().profile());
      assertEquals(128, model.info().maxLength());
      assertEquals(64, model.embed("w7").length);
    }
  }

  @Test
  void poolingAndProfileFollowModulesJson() throws IOException {
    modules("Transformer", "Pooling", "Normalize");
    try (EmbeddingModel model = EmbeddingModel.load(directory)) {
      assertEquals("[CLS]", model.info().pooling().toString());
      assertTrue(model.info().normalize());
      assertEquals(Profile.SENTENCE_TRANSFORMERS, model.info().profile());
    }
  }

  @Test
  void aModuleWithoutItsConfiguration() throws IOException {
    modules("Transformer", "Pooling", "Dense");
    assertRefused("2_Dense/config.json", "is missing", "Dense");
  }

  @Test
  void aModuleWithoutItsWeights() throws IOException {
    modules("Transformer", "Pooling", "Dense");
    Files.createDirectories(directory.resolve("2_Dense"));
    Files.writeString(
        directory.resolve("2_Dense/config.json"), "{\"in_features\": 64, \"out_features\": 3}");
    assertRefused("2_Dense/model.safetensors", "is missing");
    Files.copy(
        directory.resolve("model.safetensors"), directory.resolve("2_Dense/model.safetensors"));
    CheckpointException e =
        assertThrows(CheckpointException.class, () -> EmbeddingModel.load(directory).close());
    // The folder is named, and named once.
    assertTrue(e.getMessage().startsWith("2_Dense/model.safetensors: "), e.getMessage());
    assertTrue(e.getMessage().contains("linear.weight"), e.getMessage());
  }

  @Test
  void promptsThatAreNotThere() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> EmbeddingModel.builder(directory).promptName("passage").build());
    assertEquals("the model has no prompt 'passage', it has: query, document", e.getMessage());
  }

  @Test
  void aModuleNobodyKnows() throws IOException {
    modules("Transformer", "Pooling", "CrystalBall");
    assertRefused("modules.json", "CrystalBall");
  }

  @Test
  void modulesWithoutPooling() throws IOException {
    modules("Transformer");
    assertRefused("modules.json", "no Pooling");
    modules("Transformer", "Normalize", "Pooling");
    assertRefused("modules.json", "module 1 is a Normalize before the Pooling");
  }

  @Test
  void anotherDictionary() throws IOException {
    Files.writeString(
        directory.resolve("tokenizer_config.json"), TOKENIZER.formatted("\"jumandic\""));
    assertRefused("tokenizer_config.json", "jumandic", "ipadic");
  }

  @Test
  void aTokenizerOfAnotherClass() throws IOException {
    Files.writeString(
        directory.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"RobertaTokenizer\"}");
    assertRefused("tokenizer_config.json", "RobertaTokenizer", "BertJapaneseTokenizer");
  }

  @Test
  void aWordTokenizerOfAnotherType() throws IOException {
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"tokenizer_class\": \"BertJapaneseTokenizer\", \"word_tokenizer_type\": \"sudachi\"}");
    assertRefused("tokenizer_config.json", "sudachi", "mecab");
  }

  @Test
  void aVocabularyLargerThanTheTable() throws IOException {
    vocabulary(5000);
    assertRefused("5000", "vocab_size");
  }

  @Test
  void weightsThatEndTooSoon() throws IOException {
    Path weights = directory.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, java.util.Arrays.copyOf(bytes, bytes.length - 100));
    assertRefused("model.safetensors");
  }

  @Test
  void weightsThatDisagreeWithTheConfiguration() throws IOException {
    Path config = directory.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replaceAll("\"intermediate_size\": \\d+", "\"intermediate_size\": 96"));
    assertRefused("model.safetensors", "intermediate", "96");
  }

  @Test
  void aMissingLayer() throws IOException {
    Path config = directory.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replaceAll("\"num_hidden_layers\": 1", "\"num_hidden_layers\": 2"));
    assertRefused("model.safetensors", "encoder.layer.1.");
  }

  @Test
  void aMissingVocabulary() throws IOException {
    Files.delete(directory.resolve("vocab.txt"));
    assertRefused("vocab.txt");
  }
}
