package io.github.bunvec.loader;

import static io.github.bunvec.loader.JsonNodeTest.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentenceTransformersFilesTest {

  private static void refused(String message, Executable access) {
    String found = String.valueOf(assertThrows(CheckpointException.class, access).getMessage());
    assertTrue(found.startsWith("c.json: ") && found.contains(message), found);
  }

  private static List<ModuleEntry> modules(String... types) {
    StringBuilder list = new StringBuilder();
    for (String type : types) {
      list.append(list.isEmpty() ? "" : ",")
          .append("{\"idx\":0,\"name\":\"0\",\"path\":\"p\",\"type\":\"" + type + "\"}");
    }
    return ModuleEntry.listFrom(json("[" + list + "]"));
  }

  /** Found by the fuzz test: a prompt's name must not put control characters into the message. */
  @Test
  void messagesAreOneLineWhateverTheFileHolds() {
    CheckpointException e =
        assertThrows(
            CheckpointException.class,
            () ->
                SentenceTransformersConfig.from(
                    json(
                        "{\"prompts\": {\"q\\u0000\\n\": \"\"}, \"default_prompt_name\": \"q\"}")));
    assertTrue(
        e.getMessage().endsWith("one of [q\\u0000\\u000a, query, document]"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "sentence_transformers.models.Pooling, POOLING",
    "sentence_transformers.models.Pooling.Pooling, POOLING",
    "sentence_transformers.sentence_transformer.modules.pooling.Pooling, POOLING",
    "sentence_transformers.models.Dense, DENSE",
    "sentence_transformers.models.Dense.Dense, DENSE",
    "sentence_transformers.base.modules.dense.Dense, DENSE",
    "sentence_transformers.models.Normalize, NORMALIZE",
    "sentence_transformers.models.Normalize.Normalize, NORMALIZE",
    "sentence_transformers.sentence_transformer.modules.normalize.Normalize, NORMALIZE",
    "sentence_transformers.base.modules.normalize.Normalize, NORMALIZE",
    "sentence_transformers.models.LayerNorm, LAYER_NORM",
    "sentence_transformers.sentence_transformer.modules.layer_norm.LayerNorm, LAYER_NORM",
    "sentence_transformers.models.WeightedLayerPooling, WEIGHTED_LAYER_POOLING",
    "sentence_transformers.models.Dropout, DROPOUT",
  })
  void moduleTypesOfAllGenerations(String typeName, ModuleType type) {
    ModuleEntry entry = modules("sentence_transformers.models.Transformer", typeName).get(1);
    assertEquals(new ModuleEntry(1, "0", "p", type, typeName), entry);
  }

  @ParameterizedTest
  @CsvSource({
    "sentence_transformers.models.Transformer",
    "sentence_transformers.models.transformer.Transformer",
    "sentence_transformers.models.Transformer.Transformer",
    "sentence_transformers.base.modules.transformer.Transformer"
  })
  void transformersOfAllGenerations(String typeName) {
    assertEquals(ModuleType.TRANSFORMER, modules(typeName).getFirst().type());
  }

  @Test
  void otherModulesAreNamedWithTheirIndex() {
    String transformer = "sentence_transformers.models.Transformer";
    for (String name : List.of("CNN", "LSTM", "BoW", "Router", "StaticEmbedding", "CLIPModel")) {
      refused(
          "key '[1].type' is \"sentence_transformers.models." + name + "\", expected a module",
          () -> modules(transformer, "sentence_transformers.models." + name));
    }
    refused("\"custom_st.Transformer\"", () -> modules("custom_st.Transformer"));
    refused("\"Transformer\"", () -> modules("Transformer"));
    refused("\"\"", () -> modules(""));
  }

  @Test
  void orderOfModules() {
    refused(
        "the first module is Pooling, expected exactly one Transformer",
        () -> modules("sentence_transformers.models.Pooling"));
    String transformer = "sentence_transformers.models.Transformer";
    refused("module 1 is a second Transformer", () -> modules(transformer, transformer));
    refused("an empty list, expected a list of at least", () -> ModuleEntry.listFrom(json("[]")));
    refused("an object, expected a list", () -> ModuleEntry.listFrom(json("{\"a\":1}")));
    refused("'type' in '[0]' is missing", () -> ModuleEntry.listFrom(json("[{}]")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "'word_embedding_dimension':8,'pooling_mode_cls_token':true;[CLS]",
        "'word_embedding_dimension':8,'pooling_mode_cls_token':false,"
            + "'pooling_mode_mean_tokens':true,'pooling_mode_max_tokens':false;[MEAN]",
        "'word_embedding_dimension':8,'pooling_mode_lasttoken':true,"
            + "'pooling_mode_weightedmean_tokens':true,'pooling_mode_mean_sqrt_len_tokens':true,"
            + "'pooling_mode_max_tokens':true,'pooling_mode_mean_tokens':true,"
            + "'pooling_mode_cls_token':true;"
            + "[CLS, MAX, MEAN, MEAN_SQRT_LEN, WEIGHTED_MEAN, LAST_TOKEN]",
        "'word_embedding_dimension':8,'pooling_mode_mean_tokens':false;[MEAN]",
        "'word_embedding_dimension':8;[MEAN]",
        "'embedding_dimension':8,'pooling_mode':'lasttoken';[LAST_TOKEN]",
        "'embedding_dimension':8,'pooling_mode':['mean','cls'];[MEAN, CLS]",
        "'embedding_dimension':8,'pooling_mode':['mean_sqrt_len_tokens','weightedmean','max'];"
            + "[MEAN_SQRT_LEN, WEIGHTED_MEAN, MAX]",
        "'embedding_dimension':8,'pooling_mode':'cls','pooling_mode_mean_tokens':true;[CLS]",
      })
  void poolingOfAllGenerations(String members, String modes) {
    PoolingConfig config = PoolingConfig.from(json(("{" + members + "}").replace('\'', '"')));
    assertEquals(modes, config.modes().toString());
    assertEquals(8, config.dimension());
    assertEquals(8 * config.modes().size(), config.outputDimension());
    assertTrue(config.includePrompt());
  }

  @Test
  void poolingOverPromptsCanBeOff() {
    assertFalse(
        PoolingConfig.from(json("{\"embedding_dimension\":1,\"include_prompt\":false}"))
            .includePrompt());
  }

  @Test
  void wrongPooling() {
    refused(
        "'pooling_mode' is \"median\", expected one of [cls, max,",
        () -> PoolingConfig.from(json("{\"embedding_dimension\":1,\"pooling_mode\":\"median\"}")));
    refused(
        "'pooling_mode' is an empty list",
        () -> PoolingConfig.from(json("{\"embedding_dimension\":1,\"pooling_mode\":[]}")));
    refused("'word_embedding_dimension' is missing", () -> PoolingConfig.from(json("{}")));
    refused(
        "'pooling_mode_cls_token' is 1, expected true or false",
        () ->
            PoolingConfig.from(
                json("{\"word_embedding_dimension\":1,\"pooling_mode_cls_token\":1}")));
  }

  @Test
  void sentenceBert() {
    assertEquals(
        new SentenceBertConfig(80, true),
        SentenceBertConfig.from(json("{\"max_seq_length\":80,\"do_lower_case\":true}")));
    assertEquals(
        new SentenceBertConfig(null, false),
        SentenceBertConfig.from(
            json("{\"max_seq_length\":null,\"transformer_task\":\"feature-extraction\"}")));
    refused("'max_seq_length' is 0", () -> SentenceBertConfig.from(json("{\"max_seq_length\":0}")));
    refused(
        "'transformer_task' is \"fill-mask\"",
        () -> SentenceBertConfig.from(json("{\"transformer_task\":\"fill-mask\"}")));
  }

  @Test
  void encoding() {
    var config =
        SentenceTransformersConfig.from(
            json(
                """
                {"__version__": {"sentence_transformers": "6.0.1"}, "prompts":
                 {"query": "q: ", "document": ""}, "default_prompt_name": "document",
                 "similarity_fn_name": "dot", "truncate_dim": 128, "model_type": "x"}
                """));
    assertEquals("{query=q: , document=}", config.prompts().toString());
    assertEquals("document", config.defaultPromptName());
    assertEquals("dot", config.similarityFunction());
    assertEquals(128, config.truncateDim());
  }

  @Test
  void encodingDefaults() {
    var config = SentenceTransformersConfig.from(json("{\"similarity_fn_name\": null}"));
    assertEquals("{query=, document=}", config.prompts().toString());
    assertEquals(SentenceTransformersConfig.ABSENT, config);
    assertNull(config.truncateDim());
    assertEquals("cosine", config.similarityFunction());
  }

  @Test
  void wrongEncoding() {
    refused(
        "'default_prompt_name' is \"q\", expected a key of 'prompts', one of [query, document]",
        () -> SentenceTransformersConfig.from(json("{\"default_prompt_name\":\"q\"}")));
    refused(
        "'similarity_fn_name' is \"jaccard\", expected one of [cosine,",
        () -> SentenceTransformersConfig.from(json("{\"similarity_fn_name\":\"jaccard\"}")));
    refused(
        "'prompts.q' is 1", () -> SentenceTransformersConfig.from(json("{\"prompts\":{\"q\":1}}")));
    refused(
        "'truncate_dim' is -5",
        () -> SentenceTransformersConfig.from(json("{\"truncate_dim\":-5}")));
  }
}
