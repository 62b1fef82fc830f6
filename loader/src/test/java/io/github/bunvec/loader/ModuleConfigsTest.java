package io.github.bunvec.loader;

import static io.github.bunvec.loader.JsonNodeTest.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModuleConfigsTest {

  private static void refused(String message, Executable access) {
    String found = String.valueOf(assertThrows(CheckpointException.class, access).getMessage());
    assertTrue(found.startsWith("c.json: ") && found.contains(message), found);
    assertEquals(1, found.lines().count(), found);
  }

  private static DenseConfig dense(String members) {
    return DenseConfig.from(json("{\"in_features\": 8, \"out_features\": 4" + members + "}"));
  }

  @Test
  void denseOfBothGenerations() {
    assertEquals(new DenseConfig(8, 4, true, "Tanh", false), dense(""));
    assertEquals(
        new DenseConfig(8, 4, false, "Identity", true),
        dense(
            """
            , "bias": false, "activation_function": "torch.nn.modules.linear.Identity",
              "module_input_name": "sentence_embedding", "module_output_name": null,
              "use_residual": true
            """));
  }

  @Test
  void activationsOfTorch() {
    for (String name : DenseConfig.ACTIVATIONS) {
      for (String path : new String[] {"torch.nn.modules.activation.", "torch.nn."}) {
        String found = dense(",\"activation_function\":\"" + path + name + "\"").activation();
        assertEquals(name, found);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch.nn.modules.activation.PReLU",
        "torch.nn.modules.activation.GLU",
        "torch.nn.modules.activation.Softmax",
        "torch.nn.modules.activation.Threshold",
        "torch.os.system.Tanh",
        "torchic.nn.Tanh",
        "mine.Tanh",
        "Tanh",
        ""
      })
  void otherActivationsAreNamed(String path) {
    refused(
        "'activation_function' is \"" + path + "\", expected a class of torch.nn among [Identity,",
        () -> dense(",\"activation_function\":\"" + path + "\""));
  }

  @Test
  void wrongDense() {
    refused(
        "'activation_function' is null, expected a string",
        () -> dense(",\"activation_function\":null"));
    refused(
        "'module_input_name' is \"token_embeddings\", expected \"sentence_embedding\"",
        () -> dense(",\"module_input_name\":\"token_embeddings\""));
    refused("'in_features' is missing", () -> DenseConfig.from(json("{}")));
  }

  @Test
  void layersAndNorms() {
    assertEquals(
        new WeightedLayerPoolingConfig(8, 4, 12),
        WeightedLayerPoolingConfig.from(json("{\"word_embedding_dimension\": 8}")));
    WeightedLayerPoolingConfig config =
        WeightedLayerPoolingConfig.from(
            json("{\"embedding_dimension\": 8, \"layer_start\": 1, \"num_hidden_layers\": 3}"));
    assertEquals(3, config.weights());
    refused(
        "'layer_start' is 13",
        () ->
            WeightedLayerPoolingConfig.from(
                json("{\"embedding_dimension\": 8, \"layer_start\": 13}")));
    assertEquals(new LayerNormConfig(5), LayerNormConfig.from(json("{\"dimension\": 5}")));
    refused("'dimension' is missing", () -> LayerNormConfig.from(json("{}")));
    refused(
        "'module_input_name'",
        () -> NormalizeConfig.from(json("{\"module_input_name\": \"token_embeddings\"}")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'model_args': {'torch_dtype': 'float16'}}; 'model_args.torch_dtype' is \"float16\", expected float32",
        "{'config_args': {'is_decoder': true}}; 'config_args.is_decoder' is true, expected false",
        "{'tokenizer_args': {'padding_side': 'left'}}; 'tokenizer_args.padding_side' is \"left\"",
        "{'tokenizer_args': {'do_lower_case': true}}; expected no key 'do_lower_case' in it",
        "{'model_kwargs': {'wings': 2}}; 'model_kwargs' is an object, expected no key 'wings'",
        "{'processing_kwargs': {'text': {'padding': false}}}; 'processing_kwargs.text'",
        "{'module_output_name': 'sentence_embedding'}; 'module_output_name'"
      })
  void argumentsThatMatterAreRefused(String file, String message) {
    refused(message, () -> SentenceBertConfig.from(json(file.replace('\'', '"'))));
  }

  @Test
  void argumentsWithoutEffectArePassedOver() {
    assertEquals(
        new SentenceBertConfig(99, false),
        SentenceBertConfig.from(
            json(
                """
                {"transformer_task": "feature-extraction", "module_output_name": "token_embeddings",
                 "modality_config": {"text": {"method": "forward"}}, "unpad_inputs": null,
                 "processing_kwargs": {}, "config_args": {"output_hidden_states": true},
                 "model_args": {"torch_dtype": "float32", "attn_implementation": "sdpa"},
                 "tokenizer_args": {"model_max_length": 99, "use_fast": true}}
                """)));
  }
}
