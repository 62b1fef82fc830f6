package io.github.bunvec.loader;

import static io.github.bunvec.loader.JsonNodeTest.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BertConfigTest {

  private static BertConfig config(String members) {
    return BertConfig.from(json("{" + members + "}"));
  }

  private static void refused(String message, String members) {
    var e = assertThrows(CheckpointException.class, () -> config(members));
    String found = String.valueOf(e.getMessage());
    assertTrue(found.startsWith("c.json: ") && found.contains(message), found);
  }

  /** The defaults of transformers' BertConfig. */
  @Test
  void defaults() {
    assertEquals(
        new BertConfig(
            "bert", false, 30522, 768, 12, 12, 3072, "gelu", 512, 2, 1e-12, 0, null, null),
        config(""));
    assertEquals(64, config("").headSize());
  }

  @Test
  void everyKey() {
    assertEquals(
        new BertConfig(
            "bert",
            true,
            100,
            96,
            2,
            3,
            50,
            "quick_gelu",
            40,
            1,
            1e-5,
            7,
            "BertTokenizer",
            "float16"),
        config(
            """
            "model_type": "bert", "vocab_size": 100, "hidden_size": 96, "num_hidden_layers": 2,
            "num_attention_heads": 3, "intermediate_size": 50, "hidden_act": "quick_gelu",
            "max_position_embeddings": 40, "type_vocab_size": 1, "layer_norm_eps": 1e-5,
            "pad_token_id": 7, "tokenizer_class": "BertTokenizer", "torch_dtype": "float16",
            "position_embedding_type": "absolute", "is_decoder": false, "pruned_heads": {},
            "unknown_to_us": [1, 2.5, null]
            """));
  }

  @Test
  void newerNameOfTheDtype() {
    assertEquals("bfloat16", config("\"dtype\": \"bfloat16\"").torchDtype());
  }

  @Test
  void nullWhereTransformersAllowsIt() {
    BertConfig config =
        config(
            "\"pad_token_id\": null, \"tokenizer_class\": null, \"position_embedding_type\": null");
    assertEquals(0, config.padTokenId());
    assertEquals(null, config.tokenizerClass());
  }

  @Test
  void otherArchitecturesAreNamed() {
    for (String type : List.of("deberta-v2", "mpnet", "roberta-prelayernorm", "distilbert")) {
      refused("'model_type' is \"" + type + "\", expected one of [bert, roberta,", type(type));
    }
    refused("'model_type' is 1, expected a string", "\"model_type\": 1");
    refused("\"relative_key\", expected absolute", "\"position_embedding_type\":\"relative_key\"");
    refused("'is_decoder' is true, expected false", "\"is_decoder\": true");
    refused("'add_cross_attention' is true", "\"add_cross_attention\": true");
    refused("pruned heads", "\"pruned_heads\": {\"0\": [1]}");
  }

  @Test
  void activationsAreNamed() {
    for (String activation : BertConfig.ACTIVATIONS) {
      assertEquals(activation, config("\"hidden_act\":\"" + activation + "\"").hiddenAct());
    }
    refused("'hidden_act' is \"mish\", expected one of [gelu, ", "\"hidden_act\": \"mish\"");
  }

  @Test
  void sizes() {
    for (String key :
        new String[] {
          "vocab_size",
          "hidden_size",
          "num_hidden_layers",
          "num_attention_heads",
          "intermediate_size",
          "max_position_embeddings",
          "type_vocab_size"
        }) {
      for (String wrong : new String[] {"0", "-1", "1.5", "\"12\"", "null", "2147483647", "1e3"}) {
        refused("key '" + key + "' is " + wrong + ", expected", "\"" + key + "\":" + wrong);
      }
    }
  }

  @Test
  void sizesAmongEachOther() {
    refused(
        "hidden_size=768 is not a multiple of num_attention_heads=7", "\"num_attention_heads\": 7");
    refused("'pad_token_id' is 30522, expected an integer from 0", "\"pad_token_id\": 30522");
  }

  @Test
  void epsilon() {
    for (String wrong : new String[] {"0", "-1e-12", "1", "1e999", "\"1e-12\"", "null"}) {
      refused("'layer_norm_eps' is " + wrong, "\"layer_norm_eps\": " + wrong);
    }
  }

  private static String type(String modelType) {
    return "\"model_type\": \"" + modelType + "\"";
  }

  /** The defaults of the Config classes of transformers 4.57.6. */
  @ParameterizedTest
  @CsvSource({
    "bert, 30522, 0, 512",
    "roberta, 50265, 1, 510",
    "xlm-roberta, 30522, 1, 510",
    "camembert, 30522, 1, 510",
    "luke, 50267, 1, 510"
  })
  void defaultsOfEachArchitecture(String modelType, int vocabSize, int pad, int maxTokens) {
    BertConfig config = config(type(modelType));
    assertEquals(modelType, config.modelType());
    assertEquals(vocabSize, config.vocabSize());
    assertEquals(pad, config.padTokenId());
    assertEquals(maxTokens, config.maxTokens());
    assertEquals(!modelType.equals("bert"), config.positionsFollowPadding());
    assertEquals(512, config.maxPositions());
    assertEquals(2, config.typeVocabSize());
    assertEquals(1e-12, config.layerNormEps());
    assertEquals("gelu", config.hiddenAct());
  }

  @Test
  void positionsBehindThePadding() {
    String roberta = type("roberta");
    assertEquals(512, config(roberta + ",\"max_position_embeddings\": 514").maxTokens());
    assertEquals(
        30, config(roberta + ",\"max_position_embeddings\": 40, \"pad_token_id\": 9").maxTokens());
    refused(
        "max_position_embeddings=3 leaves no position behind pad_token_id=1",
        roberta + ",\"max_position_embeddings\": 3");
    refused("'pad_token_id' is null, expected an integer", roberta + ",\"pad_token_id\": null");
  }

  @Test
  void withoutModelTypeTheClassMustBeBert() {
    assertFalse(config("\"architectures\": [\"BertForMaskedLM\"]").modelTypeStated());
    assertTrue(config(type("bert")).modelTypeStated());
    refused(
        "'architectures[0]' is \"RobertaModel\", expected a class of Bert, as there is no",
        "\"architectures\": [\"RobertaModel\"]");
  }
}
