package io.github.bunvec.loader;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The architecture of a BERT encoder or one of its kind: {@code config.json}, checked, with the
 * defaults of that kind's class in transformers 4.57.6 for absent keys.
 *
 * <p>RoBERTa, XLM-RoBERTa, CamemBERT and LUKE (without its entities) compute what BERT does; they
 * number positions otherwise, see {@link #positionsFollowPadding}.
 *
 * @param modelType {@code model_type}, one of {@link #MODEL_TYPES}
 * @param modelTypeStated false where config.json has no {@code model_type}, as before transformers
 *     2.8, and bert was assumed
 * @param vocabSize {@code vocab_size}, rows of the word embeddings
 * @param hiddenSize {@code hidden_size}, a multiple of {@code heads}
 * @param layers {@code num_hidden_layers}
 * @param heads {@code num_attention_heads}
 * @param intermediateSize {@code intermediate_size}, width between the feed-forward's two matrices
 * @param hiddenAct {@code hidden_act} as written, one of {@link #ACTIVATIONS}
 * @param maxPositions {@code max_position_embeddings}, rows of the position embeddings
 * @param typeVocabSize {@code type_vocab_size}, rows of the token type embeddings
 * @param layerNormEps {@code layer_norm_eps}
 * @param padTokenId {@code pad_token_id}
 * @param tokenizerClass {@code tokenizer_class}, or null
 * @param torchDtype {@code torch_dtype} (or {@code dtype}) the weights were saved in, or null
 */
public record BertConfig(
    String modelType,
    boolean modelTypeStated,
    int vocabSize,
    int hiddenSize,
    int layers,
    int heads,
    int intermediateSize,
    String hiddenAct,
    int maxPositions,
    int typeVocabSize,
    double layerNormEps,
    int padTokenId,
    @Nullable String tokenizerClass,
    @Nullable String torchDtype) {

  /** The accepted values of {@code model_type}. */
  public static final List<String> MODEL_TYPES =
      List.of("bert", "roberta", "xlm-roberta", "camembert", "luke");

  /** The accepted values of {@code hidden_act}. */
  public static final List<String> ACTIVATIONS =
      List.of(
          "gelu",
          "gelu_new",
          "gelu_pytorch_tanh",
          "gelu_fast",
          "relu",
          "silu",
          "swish",
          "tanh",
          "quick_gelu");

  /** Far above any model; keeps every product of two sizes within a long. */
  private static final int MAX_SIZE = 1 << 26;

  static BertConfig from(JsonNode json) {
    String modelType = oneOf(json, "model_type", "bert", MODEL_TYPES);
    boolean stated = json.member("model_type") != null;
    if (!stated) {
      requireBertClass(json);
    }
    refuseVariants(json);
    int hiddenSize = size(json, "hidden_size", 768);
    int heads = size(json, "num_attention_heads", 12);
    if (hiddenSize % heads != 0) {
      throw new CheckpointException(
          json.file()
              + ": hidden_size="
              + hiddenSize
              + " is not a multiple of num_attention_heads="
              + heads);
    }
    int vocabSize = size(json, "vocab_size", defaultVocabSize(modelType));
    int positions = size(json, "max_position_embeddings", 512);
    String dtype = json.stringOrNull("torch_dtype");
    return new BertConfig(
        modelType,
        stated,
        vocabSize,
        hiddenSize,
        json.integer("num_hidden_layers", 12, 1, 1024),
        heads,
        size(json, "intermediate_size", 3072),
        oneOf(json, "hidden_act", "gelu", ACTIVATIONS),
        positions,
        size(json, "type_vocab_size", 2),
        layerNormEps(json),
        padTokenId(json, modelType, vocabSize, positions),
        json.stringOrNull("tokenizer_class"),
        dtype != null ? dtype : json.stringOrNull("dtype"));
  }

  private static int defaultVocabSize(String modelType) {
    return switch (modelType) {
      case "roberta" -> 50265;
      case "luke" -> 50267;
      default -> 30522;
    };
  }

  private static int padTokenId(JsonNode json, String modelType, int vocabSize, int positions) {
    JsonNode pad = json.member("pad_token_id");
    if (!followPadding(modelType)) {
      // null is legal and means that the word embeddings keep no row for padding
      return pad == null || pad.isNull() ? 0 : pad.integer(0, vocabSize - 1);
    }
    int id = pad == null ? 1 : pad.integer(0, vocabSize - 1);
    if (positions - id - 1 < 2) {
      throw new CheckpointException(
          json.file()
              + ": max_position_embeddings="
              + positions
              + " leaves no position behind pad_token_id="
              + id
              + ", where those of "
              + modelType
              + " begin");
    }
    return id;
  }

  /** What has no model_type is a BERT by age; another class's name says that it is not. */
  private static void requireBertClass(JsonNode json) {
    JsonNode classes = json.valueOf("architectures");
    if (classes == null) {
      return;
    }
    for (JsonNode name : classes.items()) {
      if (!name.string().startsWith("Bert")) {
        throw name.wrong("a class of Bert, as there is no 'model_type'; add one of " + MODEL_TYPES);
      }
    }
  }

  /** Refuses what would change the arithmetic and is not implemented. */
  private static void refuseVariants(JsonNode json) {
    if (json.valueOf("position_embedding_type") != null) {
      oneOf(json, "position_embedding_type", "absolute", List.of("absolute"));
    }
    for (String key : List.of("is_decoder", "add_cross_attention")) {
      JsonNode flag = json.valueOf(key);
      if (flag != null && flag.bool()) {
        throw flag.wrong("false: only encoders are supported");
      }
    }
    JsonNode pruned = json.valueOf("pruned_heads");
    if (pruned != null && !pruned.members().isEmpty()) {
      throw pruned.wrong("an empty object: models with pruned heads are not supported");
    }
  }

  private static int size(JsonNode json, String key, int fallback) {
    return json.integer(key, fallback, 1, MAX_SIZE);
  }

  private static double layerNormEps(JsonNode json) {
    JsonNode eps = json.member("layer_norm_eps");
    if (eps == null) {
      return 1e-12;
    }
    double value = eps.decimal();
    if (!(value > 0 && value < 1)) {
      throw eps.wrong("a number between 0 and 1");
    }
    return value;
  }

  private static String oneOf(JsonNode json, String key, String fallback, List<String> accepted) {
    JsonNode value = json.member(key);
    if (value == null) {
      return fallback;
    }
    if (!accepted.contains(value.string())) {
      String list = accepted.size() == 1 ? accepted.getFirst() : "one of " + accepted;
      throw value.wrong(list + "; others are not supported");
    }
    return value.string();
  }

  /**
   * Returns the width of one attention head.
   *
   * @return {@code hiddenSize / heads}
   */
  public int headSize() {
    return hiddenSize / heads;
  }

  /**
   * Returns whether positions count from {@code padTokenId + 1} over the tokens that are not
   * padding, as fairseq's models do; otherwise they count from 0.
   *
   * @return false for bert alone
   */
  public boolean positionsFollowPadding() {
    return followPadding(modelType);
  }

  private static boolean followPadding(String modelType) {
    return !modelType.equals("bert");
  }

  /**
   * Returns how many tokens a text can have.
   *
   * @return the positions that tokens can take: all, or those behind the padding's
   */
  public int maxTokens() {
    return positionsFollowPadding() ? maxPositions - padTokenId - 1 : maxPositions;
  }
}
