package io.github.bunvec.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ModelTensorsTest {

  private static final String WORDS = "embeddings.word_embeddings.weight";

  @TempDir private Path folder;

  private SafetensorsFile file(String... names) throws IOException {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (String name : names) {
      shapes.put(name, new long[] {3, 2});
    }
    Path path = folder.resolve("model.safetensors");
    SafetensorsBytes.writeFloats(path, shapes);
    return SafetensorsFile.open(path);
  }

  private static void refused(String message, Executable access) {
    assertEquals(message, assertThrows(CheckpointException.class, access).getMessage());
  }

  @Test
  void prefixOfTaskModels() throws IOException {
    for (String prefix : new String[] {"", "bert.", "roberta.", "luke."}) {
      try (var file = file(prefix + WORDS, "cls.predictions.bias")) {
        var tensors = ModelTensors.of(file);
        assertEquals(prefix, tensors.prefix());
        assertEquals(prefix + WORDS, tensors.require(WORDS, 3, 2).name());
        tensors.requireNoOthers();
      }
    }
  }

  @Test
  void twoEncodersAreRefused() throws IOException {
    try (var file = file(WORDS, "bert." + WORDS)) {
      refused(
          "model.safetensors: holds two encoders: tensors '" + WORDS + "' and 'bert." + WORDS + "'",
          () -> ModelTensors.of(file));
    }
  }

  @Test
  void namesOfTwentyNineteen() throws IOException {
    try (var file =
        file("bert." + WORDS, "bert.e.LayerNorm.gamma", "bert.e.LayerNorm.beta", "bert.gamma")) {
      var tensors = ModelTensors.of(file);
      assertEquals("bert.e.LayerNorm.gamma", tensors.require("e.LayerNorm.weight", 3, 2).name());
      assertEquals("bert.e.LayerNorm.beta", tensors.require("e.LayerNorm.bias", 3, 2).name());
      assertTrue(tensors.contains("e.LayerNorm.weight"));
      assertFalse(tensors.contains("weight"));
    }
  }

  @Test
  void currentNameWinsAndTheOtherIsLeftOver() throws IOException {
    try (var file = file(WORDS, "e.LayerNorm.gamma", "e.LayerNorm.weight")) {
      var tensors = ModelTensors.of(file);
      tensors.require(WORDS, 3, 2);
      assertEquals("e.LayerNorm.weight", tensors.require("e.LayerNorm.weight", 3, 2).name());
      assertThrows(CheckpointException.class, tensors::requireNoOthers);
    }
  }

  @Test
  void missingTensorIsNamed() throws IOException {
    try (var file = file("bert." + WORDS)) {
      var tensors = ModelTensors.of(file);
      refused(
          "model.safetensors: tensor 'bert.encoder.layer.0.output.dense.bias' is missing, expected"
              + " shape [5]; similar: 'bert."
              + WORDS
              + "'",
          () -> tensors.require("encoder.layer.0.output.dense.bias", 5));
    }
  }

  @Test
  void misshapenTensorIsNamedWithItsKeys() throws IOException {
    String layer = "encoder.layer.0.";
    try (var file =
        file(
            WORDS,
            "embeddings.position_embeddings.weight",
            "embeddings.token_type_embeddings.weight",
            layer + "intermediate.dense.weight",
            layer + "output.dense.weight",
            layer + "attention.output.dense.weight")) {
      var tensors = ModelTensors.of(file);
      misshapen(tensors, WORDS, "vocab_size=9, hidden_size=8");
      misshapen(
          tensors,
          "embeddings.position_embeddings.weight",
          "max_position_embeddings=9, hidden_size=8");
      misshapen(
          tensors, "embeddings.token_type_embeddings.weight", "type_vocab_size=9, hidden_size=8");
      misshapen(tensors, layer + "intermediate.dense.weight", "intermediate_size=9, hidden_size=8");
      misshapen(tensors, layer + "output.dense.weight", "hidden_size=9, intermediate_size=8");
      misshapen(tensors, layer + "attention.output.dense.weight", "hidden_size=9, hidden_size=8");
    }
  }

  private static void misshapen(ModelTensors tensors, String name, String keys) {
    refused(
        "model.safetensors: tensor '"
            + name
            + "' is F32 [3, 2], expected [9, 8] (config.json says "
            + keys
            + ")",
        () -> tensors.require(name, 9, 8));
  }

  @Test
  void integersAreNoWeights() throws IOException {
    byte[] bytes =
        SafetensorsBytes.of("{" + SafetensorsBytes.entry(WORDS, "I32", "[3,2]", 0, 24) + "}", 24);
    try (var file = SafetensorsFile.open(Files.write(folder.resolve("m.safetensors"), bytes))) {
      var tensors = ModelTensors.of(file);
      refused(
          "m.safetensors: tensor '"
              + WORDS
              + "' is I32 [3, 2], expected a weight of type F32, F16, BF16 or F64",
          () -> tensors.require(WORDS, 3, 2));
    }
  }

  @Test
  void headsPoolerAndBuffersMayBeLeftOver() throws IOException {
    try (var file =
        file(
            "bert." + WORDS,
            "bert.embeddings.position_ids",
            "bert.embeddings.token_type_ids",
            "bert.pooler.dense.weight",
            "pooler.dense.bias",
            "cls.predictions.decoder.weight",
            "classifier.weight",
            "lm_head.bias",
            "qa_outputs.weight")) {
      var tensors = ModelTensors.of(file);
      tensors.require(WORDS, 3, 2);
      tensors.requireNoOthers();
    }
  }

  @Test
  void entityTensorsOfLukeMayBeLeftOver() throws IOException {
    for (String prefix : new String[] {"", "luke."}) {
      String self = prefix + "encoder.layer.11.attention.self.";
      try (var file =
          file(
              prefix + WORDS,
              self + "w2e_query.weight",
              self + "e2w_query.bias",
              self + "e2e_query.weight",
              prefix + "entity_embeddings.entity_embeddings.weight",
              "entity_predictions.transform.dense.weight",
              "lm_head.decoder.weight")) {
        var tensors = ModelTensors.of(file);
        tensors.require(WORDS, 3, 2);
        tensors.requireNoOthers();
      }
    }
    try (var file = file(WORDS, "encoder.layer.0.attention.self.w3e_query.weight")) {
      var tensors = ModelTensors.of(file);
      tensors.require(WORDS, 3, 2);
      assertThrows(CheckpointException.class, tensors::requireNoOthers);
    }
  }

  @Test
  void otherTensorsAreNamed() throws IOException {
    try (var file = file(WORDS, "encoder.layer.1.x", "classifiers.x", "poolers", "a", "b", "c")) {
      var tensors = ModelTensors.of(file);
      tensors.require(WORDS, 3, 2);
      refused(
          "model.safetensors: 6 tensors that the model of config.json does not have: 'a', 'b', 'c',"
              + " 'classifiers.x', 'encoder.layer.1.x', ...",
          tensors::requireNoOthers);
    }
  }
}
