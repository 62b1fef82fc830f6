package io.github.bunvec.engine.tokenization;

import java.util.List;
import java.util.Map;

/**
 * What the fast tokenizer classes of transformers 4.57.6 differ in.
 *
 * @param specialTokens their defaults by key
 * @param additional the default of additional_special_tokens
 * @param maskTakesBlanks whether a mask token given as a string takes whitespace on its left
 * @param bertOptions whether do_lower_case, strip_accents and tokenize_chinese_chars of
 *     tokenizer_config.json override a BertNormalizer of tokenizer.json
 */
record TokenizerFamily(
    Map<String, String> specialTokens,
    List<String> additional,
    boolean maskTakesBlanks,
    boolean bertOptions) {

  private static final Map<String, String> ROBERTA_TOKENS =
      Map.of(
          "bos_token", "<s>",
          "eos_token", "</s>",
          "unk_token", "<unk>",
          "sep_token", "</s>",
          "pad_token", "<pad>",
          "cls_token", "<s>",
          "mask_token", "<mask>");

  /** BertTokenizerFast and the classes that are the same under another name. */
  static final TokenizerFamily BERT =
      new TokenizerFamily(
          Map.of(
              "unk_token", "[UNK]",
              "sep_token", "[SEP]",
              "pad_token", "[PAD]",
              "cls_token", "[CLS]",
              "mask_token", "[MASK]"),
          List.of(),
          false,
          true);

  /** XLMRobertaTokenizerFast. */
  static final TokenizerFamily XLM_ROBERTA =
      new TokenizerFamily(ROBERTA_TOKENS, List.of(), true, false);

  /** CamembertTokenizerFast. */
  static final TokenizerFamily CAMEMBERT =
      new TokenizerFamily(
          ROBERTA_TOKENS, List.of("<s>NOTUSED", "</s>NOTUSED", "<unk>NOTUSED"), true, false);

  /** PreTrainedTokenizerFast, which has no tokens of its own and needs a tokenizer.json. */
  static final TokenizerFamily GENERIC = new TokenizerFamily(Map.of(), List.of(), false, false);

  /** Returns the family of a class, whose name may end in Fast. */
  static TokenizerFamily of(String tokenizerClass) {
    String base =
        tokenizerClass.endsWith("Fast")
            ? tokenizerClass.substring(0, tokenizerClass.length() - "Fast".length())
            : tokenizerClass;
    return switch (base) {
      case "BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer" -> BERT;
      case "XLMRobertaTokenizer" -> XLM_ROBERTA;
      case "CamembertTokenizer" -> CAMEMBERT;
      case "PreTrainedTokenizer" -> GENERIC;
      default -> throw new IllegalArgumentException(tokenizerClass + " is no fast tokenizer");
    };
  }
}
