package io.github.bunvec.loader;

import java.util.List;
import java.util.Map;

/**
 * The tokenizer classes of transformers 4.57.6 that can be read, by the names in
 * tokenizer_config.json and config.json, and which of them AutoTokenizer takes for a model.
 *
 * <p>A class is slow (written in Python) or fast (a pipeline of the tokenizers library). A slow
 * name means the fast class where there is one.
 */
final class TokenizerClasses {

  private static final List<String> SLOW = List.of("BertJapaneseTokenizer", "MLukeTokenizer");

  /** Slow names with a fast class of the same name and "Fast" after it. */
  private static final List<String> FAST =
      List.of(
          "BertTokenizer",
          "DistilBertTokenizer",
          "ElectraTokenizer",
          "XLMRobertaTokenizer",
          "CamembertTokenizer",
          "PreTrainedTokenizer");

  /** Classes of models that can be read otherwise, whose tokens are made by another rule. */
  private static final List<String> BYTE_LEVEL_BPE = List.of("RobertaTokenizer", "LukeTokenizer");

  private static final Map<String, String> OF_MODEL_TYPE =
      Map.of(
          "bert", "BertTokenizer",
          "roberta", "RobertaTokenizer",
          "xlm-roberta", "XLMRobertaTokenizer",
          "camembert", "CamembertTokenizer",
          "luke", "LukeTokenizer",
          "mluke", "MLukeTokenizer");

  private static final Map<String, String> BERT_TOKENS =
      Map.of(
          "unk_token", "[UNK]",
          "sep_token", "[SEP]",
          "pad_token", "[PAD]",
          "cls_token", "[CLS]",
          "mask_token", "[MASK]");

  private static final Map<String, String> ROBERTA_TOKENS =
      Map.of(
          "bos_token", "<s>",
          "eos_token", "</s>",
          "unk_token", "<unk>",
          "sep_token", "</s>",
          "pad_token", "<pad>",
          "cls_token", "<s>",
          "mask_token", "<mask>");

  private TokenizerClasses() {}

  /** Returns a supported class as it is named. */
  static String require(String name, String where) {
    String base = base(name);
    if (SLOW.contains(name) || FAST.contains(base)) {
      return name;
    }
    String reason =
        BYTE_LEVEL_BPE.contains(base)
            ? "; byte-level BPE is not supported"
            : "; others are not supported";
    throw new CheckpointException(
        "%s is %s, expected one of %s or %s (with or without Fast)%s"
            .formatted(where, Quoted.value(name), SLOW, FAST, reason));
  }

  static String ofModelType(String modelType) {
    String name = OF_MODEL_TYPE.getOrDefault(modelType, "BertTokenizer");
    return require(name, "config.json: the tokenizer of model_type '" + modelType + "'");
  }

  private static String base(String name) {
    return name.endsWith("Fast") ? name.substring(0, name.length() - "Fast".length()) : name;
  }

  static boolean isSlow(String name) {
    return SLOW.contains(name);
  }

  /**
   * Returns whether a slow class takes a mask token that is no object with the blanks before it.
   */
  static boolean maskTakesBlanks(String name) {
    return name.equals("MLukeTokenizer");
  }

  /** Returns the special tokens that are the class's defaults, by their key. */
  static Map<String, String> specialTokens(String name) {
    return switch (base(name)) {
      case "MLukeTokenizer", "XLMRobertaTokenizer", "CamembertTokenizer" -> ROBERTA_TOKENS;
      case "PreTrainedTokenizer" -> Map.of();
      default -> BERT_TOKENS;
    };
  }
}
