package io.github.bunvec.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDirectoryTest {

  private static final String CONFIG =
      "{\"model_type\":\"bert\",\"hidden_size\":8,\"num_attention_heads\":2,\"vocab_size\":5}";

  @TempDir private Path folder;

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String modules(String transformerPath, String poolingPath) {
    return """
        [{"idx":0,"name":"0","path":"%s","type":"sentence_transformers.models.Transformer"},
         {"idx":1,"name":"1","path":"%s","type":"sentence_transformers.models.Pooling"},
         {"idx":2,"name":"2","path":"2_Normalize","type":"sentence_transformers.models.Normalize"}]
        """
        .formatted(transformerPath, poolingPath);
  }

  /** A directory as sentence-transformers writes it, its encoder in the given sub-folder. */
  private void writeModel(String inside) throws IOException {
    write("modules.json", modules(inside.replace("/", ""), "1_Pooling"));
    write(inside + "config.json", CONFIG);
    write(inside + "tokenizer_config.json", "{\"tokenizer_class\":\"BertJapaneseTokenizer\"}");
    write(inside + "special_tokens_map.json", "{\"cls_token\":\"<cls>\"}");
    write(inside + "added_tokens.json", "{\"new\":5}");
    write(inside + "vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n");
    write(inside + "sentence_bert_config.json", "{\"max_seq_length\":80,\"do_lower_case\":true}");
    write(
        "1_Pooling/config.json",
        "{\"word_embedding_dimension\":8,\"pooling_mode_cls_token\":true}");
    write("config_sentence_transformers.json", "{\"prompts\":{\"query\":\"q: \"}}");
    SafetensorsBytes.writeFloats(
        folder.resolve(inside + "model.safetensors"),
        Map.of("embeddings.word_embeddings.weight", new long[] {5, 8}));
  }

  private void refusedAtOpening(String message) {
    var e = assertThrows(CheckpointException.class, () -> ModelDirectory.open(folder));
    String found = String.valueOf(e.getMessage());
    assertTrue(found.contains(message), found);
    assertEquals(1, found.lines().count(), found);
  }

  @Test
  void everythingIsRead() throws IOException {
    writeModel("");
    try (var model = ModelDirectory.open(folder)) {
      checkEverything(model);
      assertEquals(folder.resolve("vocab.txt"), model.vocabFile());
    }
  }

  @Test
  void encoderInSubfolder() throws IOException {
    writeModel("0_Transformer/");
    try (var model = ModelDirectory.open(folder)) {
      checkEverything(model);
      assertEquals(folder.resolve("0_Transformer").resolve("vocab.txt"), model.vocabFile());
    }
  }

  private void checkEverything(ModelDirectory model) throws IOException {
    assertEquals(folder, model.path());
    assertEquals(8, model.config().hiddenSize());
    assertEquals("BertJapaneseTokenizer", model.tokenizer().tokenizerClass());
    assertEquals("<cls>", model.tokenizer().clsToken());
    assertEquals(5, model.tokenizer().addedTokens().getFirst().id());
    assertTrue(model.hasModules());
    assertEquals(
        List.of(ModuleType.TRANSFORMER, ModuleType.POOLING, ModuleType.NORMALIZE),
        model.modules().stream().map(ModuleEntry::type).toList());
    assertEquals(new SentenceBertConfig(80, true), model.sentenceBert());
    assertEquals(
        List.of(new PoolingConfig(List.of(PoolingMode.CLS), 8, true), new NormalizeConfig()),
        model.pipeline().stream().map(ConfiguredModule::config).toList());
    assertEquals("1_Pooling/config.json", model.pipeline().getFirst().label());
    assertEquals("{query=q: , document=}", model.sentenceTransformers().prompts().toString());
    Checkpoint checkpoint = model.checkpoint();
    assertSame(checkpoint, model.checkpoint());
    var weights = ModelTensors.of(checkpoint).require("embeddings.word_embeddings.weight", 5, 8);
    assertEquals(39f, weights.toFloatArray()[39]);
  }

  /** Model A' of the seeds: sentence-transformers would not read these files either. */
  @Test
  void withoutModulesItsOwnFilesAreNotRead() throws IOException {
    writeModel("");
    Files.delete(folder.resolve("modules.json"));
    try (var model = ModelDirectory.open(folder)) {
      assertFalse(model.hasModules());
      assertEquals(List.of(), model.modules());
      assertEquals(new SentenceBertConfig(null, false), model.sentenceBert());
      assertEquals(List.of(), model.pipeline());
      assertEquals(SentenceTransformersConfig.ABSENT, model.sentenceTransformers());
    }
  }

  @Test
  void legacyNamesOfTheTransformerConfig() throws IOException {
    for (String name : SentenceBertConfig.FILE_NAMES.reversed()) {
      writeModel("");
      write("sentence_bert_config.json", "{}");
      Files.delete(folder.resolve("sentence_bert_config.json"));
      int length = name.length();
      write(name, "{\"max_seq_length\":" + length + "}");
      try (var model = ModelDirectory.open(folder)) {
        assertEquals(length, model.sentenceBert().maxSeqLength(), name);
      }
    }
  }

  @Test
  void missingDirectoryAndFileAreInputErrors() throws IOException {
    Path none = folder.resolve("none");
    var e = assertThrows(IOException.class, () -> ModelDirectory.open(none));
    assertEquals(none + ": no such model directory", e.getMessage());
    write("f", "");
    Path file = folder.resolve("f");
    var f = assertThrows(IOException.class, () -> ModelDirectory.open(file));
    assertEquals(
        file + ": is a file, expected the directory that holds config.json", f.getMessage());
  }

  @Test
  void notAModel() throws IOException {
    write("README.md", "");
    refusedAtOpening(": is not a model directory: neither modules.json nor config.json is in it");
    write("modules.json", modules("0_Transformer", "1_Pooling"));
    refusedAtOpening("puts the Transformer into '0_Transformer', where there is no config.json");
  }

  @Test
  void wrongFileIsNamedWithItsFolder() throws IOException {
    writeModel("0_Transformer/");
    write("1_Pooling/config.json", "{\"word_embedding_dimension\":\"8\"}");
    refusedAtOpening("1_Pooling/config.json: key 'word_embedding_dimension' is \"8\"");
    write("0_Transformer/config.json", "{");
    refusedAtOpening("0_Transformer/config.json: ends in the middle of its JSON");
  }

  @Test
  void poolingModuleNeedsItsConfig() throws IOException {
    writeModel("");
    Files.delete(folder.resolve("1_Pooling").resolve("config.json"));
    refusedAtOpening("1_Pooling/config.json: is missing; modules.json names a Pooling");
  }

  @Test
  void modulePathsStayInside() throws IOException {
    writeModel("");
    for (String path : List.of("..", "../x", "1_Pooling/../../x", "/etc")) {
      write("modules.json", modules("", path));
      refusedAtOpening("modules.json: path '" + path + "' leads out of the model directory");
    }
    write("modules.json", modules("", "a\\u0000b"));
    refusedAtOpening("modules.json: path 'a\\u0000b' is not a path");
  }

  @Test
  void missingVocabulary() throws IOException {
    writeModel("0_Transformer/");
    Files.delete(folder.resolve("0_Transformer").resolve("vocab.txt"));
    try (var model = ModelDirectory.open(folder)) {
      var e = assertThrows(CheckpointException.class, model::vocabFile);
      assertEquals(
          "0_Transformer/vocab.txt: is missing in " + folder + ", BertJapaneseTokenizer needs it",
          e.getMessage());
    }
  }

  @Test
  void weightsInOtherForms() throws IOException {
    writeModel("0_Transformer/");
    Path folder = this.folder.resolve("0_Transformer");
    Files.delete(folder.resolve("model.safetensors"));
    try (var model = ModelDirectory.open(this.folder)) {
      weightsRefused(
          model,
          "0_Transformer/model.safetensors: is missing in "
              + this.folder
              + ", so are model.safetensors.index.json, pytorch_model.bin,"
              + " pytorch_model.bin.index.json: there are no weights");
      write("0_Transformer/flax_model.msgpack", "");
      weightsRefused(model, "only flax_model.msgpack is there, which this version does not read");
      write("0_Transformer/tf_model.h5", "");
      weightsRefused(model, "only tf_model.h5 is there, which this version does not read");
      weightsRefused(model, "from_tf=True");
      write("0_Transformer/pytorch_model.bin.index.json", "{}");
      weightsRefused(model, "0_Transformer/pytorch_model.bin.index.json: key 'weight_map'");
      write("0_Transformer/pytorch_model.bin", "");
      weightsRefused(model, "0_Transformer/pytorch_model.bin: has 0 bytes");
      write("0_Transformer/model.safetensors.index.json", "{}");
      weightsRefused(model, "0_Transformer/model.safetensors.index.json: key 'weight_map'");
      write("0_Transformer/model.safetensors", "");
      weightsRefused(model, "0_Transformer/model.safetensors: has 0 bytes");
    }
  }

  /** What the Hub's cache looks like after a download that failed. */
  @Test
  void linkThatLeadsNowhereIsNoReasonToTakeTheNextFile() throws IOException {
    writeModel("");
    Path weights = folder.resolve("model.safetensors");
    Files.move(weights, folder.resolve("pytorch_model.bin"));
    Files.createSymbolicLink(weights, folder.resolve("blob"));
    try (var model = ModelDirectory.open(folder)) {
      assertThrows(java.nio.file.NoSuchFileException.class, model::checkpoint);
    }
  }

  private static void weightsRefused(ModelDirectory model, String message) {
    var e = assertThrows(CheckpointException.class, model::checkpoint);
    String found = String.valueOf(e.getMessage());
    assertTrue(found.contains(message), found);
  }

  @Test
  void useAfterCloseIsAnIllegalState() throws IOException {
    writeModel("");
    var model = ModelDirectory.open(folder);
    Checkpoint checkpoint = model.checkpoint();
    model.close();
    model.close();
    assertThrows(IllegalStateException.class, model::checkpoint);
    assertThrows(IllegalStateException.class, checkpoint::names);
  }

  @Test
  void relativePaths() throws IOException {
    writeModel("");
    Path relative = Path.of("").toAbsolutePath().relativize(folder.toAbsolutePath());
    try (var model = ModelDirectory.open(relative)) {
      checkRelative(model);
    }
  }

  private static void checkRelative(ModelDirectory model) throws IOException {
    assertTrue(Files.exists(model.vocabFile()));
    assertEquals(1, model.checkpoint().names().size());
  }
}
