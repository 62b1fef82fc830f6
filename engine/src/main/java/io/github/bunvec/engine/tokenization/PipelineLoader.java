package io.github.bunvec.engine.tokenization;

import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.loader.JsonNode;
import io.github.bunvec.loader.ModelDirectory;
import io.github.bunvec.tokenizer.AddedToken;
import io.github.bunvec.tokenizer.Tokenizer;
import io.github.bunvec.tokenizer.pipeline.BertNormalizer;
import io.github.bunvec.tokenizer.pipeline.Normalizer;
import io.github.bunvec.tokenizer.pipeline.TokenizationPipeline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the pipeline that AutoTokenizer of transformers 4.57.6 makes for a fast tokenizer class: of
 * tokenizer.json where there is one, else of vocab.txt or sentencepiece.bpe.model; then come the
 * options and tokens of the other files.
 */
final class PipelineLoader {

  private PipelineLoader() {}

  /**
   * Makes the tokenizer of a directory whose tokenizer class is a fast one or has one.
   *
   * @throws CheckpointException if a file is missing, wrong or not supported
   */
  static Tokenizer load(ModelDirectory directory) throws IOException {
    String tokenizerClass = directory.tokenizer().tokenizerClass();
    TokenizerFamily family = TokenizerFamily.of(tokenizerClass);
    JsonNode config = directory.tokenizerJson("tokenizer_config.json").orElse(null);
    JsonNode json = directory.tokenizerJson("tokenizer.json").orElse(null);
    requireOneVersion(config);
    DeclaredTokens tokens =
        DeclaredTokens.read(
            family,
            config,
            directory.tokenizerJson("special_tokens_map.json").orElse(null),
            directory.tokenizerJson("added_tokens.json").orElse(null),
            json);
    BertOptions options = BertOptions.of(config);
    TokenizationPipeline.Builder builder;
    Set<String> present = new HashSet<>();
    if (json != null) {
      builder = ofJson(json, family.bertOptions() ? options : null, present);
    } else if (family.equals(TokenizerFamily.BERT)) {
      builder = VocabularyConversion.ofBert(directory, tokens, options);
    } else if (family.equals(TokenizerFamily.GENERIC)) {
      throw new CheckpointException(
          "tokenizer.json: is missing in " + directory + ", " + tokenizerClass + " needs it");
    } else {
      builder = VocabularyConversion.ofSentencePiece(directory, family, present);
    }
    builder.addTokens(tokens.toAdd(present));
    if (json == null) {
      VocabularyConversion.frame(builder, tokens, family);
    }
    try {
      return builder.splitSpecialTokens(directory.tokenizer().splitSpecialTokens()).build();
    } catch (IllegalArgumentException e) {
      throw new CheckpointException("tokenizer of " + directory + ": " + e.getMessage(), e);
    }
  }

  /** A list of tokenizer files for versions of transformers; nobody is known to write one. */
  private static void requireOneVersion(@Nullable JsonNode config) {
    JsonNode files = config == null ? null : config.valueOf("fast_tokenizer_files");
    if (files != null
        && !(files.items().size() == 1
            && files.items().getFirst().string().equals("tokenizer.json"))) {
      throw files.wrong("tokenizer.json alone; files for other versions are not supported");
    }
  }

  private static TokenizationPipeline.Builder ofJson(
      JsonNode json, @Nullable BertOptions options, Set<String> present) {
    JsonNode version = json.valueOf("version");
    if (version != null && !version.string().equals("1.0")) {
      throw version.wrong("\"1.0\"");
    }
    requireTruncationAtTheEnd(json.valueOf("truncation"));
    JsonNode normalizerJson = json.valueOf("normalizer");
    Normalizer normalizer = NormalizerJson.read(normalizerJson);
    TokenizationPipeline.Builder builder =
        TokenizationPipeline.builder(ModelJson.read(json.required("model")))
            .addedTokenNormalizer(normalizer)
            .normalizer(options == null ? normalizer : options.over(normalizer, json))
            .preTokenizer(PreTokenizerJson.read(json.valueOf("pre_tokenizer")))
            .postProcessor(PostProcessorJson.read(json.valueOf("post_processor")));
    List<AddedToken> tokens = new ArrayList<>();
    for (JsonNode item : json.required("added_tokens").items()) {
      tokens.add(
          new AddedToken(
              item.required("content").string(),
              item.required("single_word").bool(),
              item.required("lstrip").bool(),
              item.required("rstrip").bool(),
              item.required("normalized").bool(),
              item.required("special").bool()));
    }
    builder.addTokens(tokens);
    tokens.forEach(token -> present.add(token.content()));
    return builder;
  }

  private static void requireTruncationAtTheEnd(@Nullable JsonNode truncation) {
    JsonNode direction = truncation == null ? null : truncation.valueOf("direction");
    if (direction != null && !direction.string().equals("Right")) {
      throw direction.wrong("\"Right\"; cutting texts at their start is not supported");
    }
  }

  /**
   * The options of BertTokenizerFast, which go before those of tokenizer.json.
   *
   * @param lowerCase do_lower_case
   * @param stripAccents strip_accents, null for the value of lowerCase
   * @param chineseChars tokenize_chinese_chars
   */
  record BertOptions(boolean lowerCase, @Nullable Boolean stripAccents, boolean chineseChars) {

    static BertOptions of(@Nullable JsonNode config) {
      if (config == null) {
        return new BertOptions(true, null, true);
      }
      JsonNode strip = config.valueOf("strip_accents");
      return new BertOptions(
          config.bool("do_lower_case", true),
          strip == null ? null : strip.bool(),
          config.bool("tokenize_chinese_chars", true));
    }

    /** Returns a BertNormalizer with these options, and any other as it is. */
    Normalizer over(Normalizer normalizer, JsonNode tokenizerJson) {
      if (tokenizerJson.valueOf("normalizer") == null) {
        throw tokenizerJson
            .required("normalizer")
            .wrong("a normalizer, which BertTokenizerFast needs; PreTrainedTokenizerFast does not");
      }
      return normalizer instanceof BertNormalizer bert ? normalizer(bert.cleanText()) : normalizer;
    }

    BertNormalizer normalizer(boolean cleanText) {
      return new BertNormalizer(cleanText, chineseChars, stripAccents, lowerCase);
    }
  }
}
