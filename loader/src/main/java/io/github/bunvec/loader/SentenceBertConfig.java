package io.github.bunvec.loader;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a Transformer module: {@code sentence_bert_config.json} or a legacy name.
 *
 * @param maxSeqLength {@code max_seq_length} in tokens with specials, or null
 * @param doLowerCase {@code do_lower_case}: the text is lower-cased before the tokenizer
 */
public record SentenceBertConfig(@Nullable Integer maxSeqLength, boolean doLowerCase) {

  /** In the order in which sentence-transformers looks for them. */
  static final List<String> FILE_NAMES =
      List.of(
          "sentence_bert_config.json",
          "sentence_roberta_config.json",
          "sentence_distilbert_config.json",
          "sentence_camembert_config.json",
          "sentence_albert_config.json",
          "sentence_xlm-roberta_config.json",
          "sentence_xlnet_config.json");

  static SentenceBertConfig from(JsonNode json) {
    JsonNode task = json.valueOf("transformer_task");
    if (task != null && !task.string().equals("feature-extraction")) {
      throw task.wrong("feature-extraction; others are not supported");
    }
    JsonNode output = json.valueOf("module_output_name");
    if (output != null && !output.string().equals("token_embeddings")) {
      throw output.wrong("\"token_embeddings\"; others are not supported");
    }
    TransformerArguments.requireHarmless(json);
    JsonNode length = json.valueOf("max_seq_length");
    if (length == null) {
      length = TransformerArguments.modelMaxLength(json);
    }
    return new SentenceBertConfig(
        length == null ? null : length.integer(1, Integer.MAX_VALUE),
        json.bool("do_lower_case", false));
  }
}
