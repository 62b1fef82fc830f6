package io.github.bunvec.loader;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Combines a directory's tokenizer files as transformers 4.57.6 does (tokenization_utils_base.py,
 * {@code _from_pretrained}).
 *
 * <p>{@code added_tokens_decoder} in tokenizer_config.json, written since 4.34, makes the two other
 * files mute. Without it special_tokens_map.json overrides keys of the same name and
 * added_tokens.json gives ids.
 */
final class TokenizerFiles {

  private static final List<String> WORD_TYPES = List.of("basic", "mecab", "sudachi", "jumanpp");
  private static final List<String> SUBWORD_TYPES =
      List.of("wordpiece", "character", "sentencepiece");
  private static final List<String> MECAB_KEYS =
      List.of("mecab_dic", "mecab_option", "normalize_text");

  private final BertConfig config;
  private final Map<String, JsonNode> settings;
  private final @Nullable JsonNode tokenizerConfig;
  private final String tokenizerClass;
  private final @Nullable SpecialTokens
      specials; // null: the fast tokenizers have rules of their own

  private TokenizerFiles(
      BertConfig config,
      @Nullable JsonNode tokenizerConfig,
      @Nullable JsonNode specialTokensMap,
      @Nullable JsonNode addedTokens) {
    this.config = config;
    this.tokenizerConfig = tokenizerConfig;
    this.settings = new LinkedHashMap<>();
    if (tokenizerConfig != null) {
      settings.putAll(tokenizerConfig.members());
    }
    this.tokenizerClass = tokenizerClass();
    this.specials =
        TokenizerClasses.isSlow(tokenizerClass)
            ? SpecialTokens.combine(
                settings,
                specialTokensMap,
                addedTokens,
                TokenizerClasses.specialTokens(tokenizerClass),
                TokenizerClasses.maskTakesBlanks(tokenizerClass))
            : null;
  }

  static TokenizerConfig read(
      BertConfig config,
      @Nullable JsonNode tokenizerConfig,
      @Nullable JsonNode specialTokensMap,
      @Nullable JsonNode addedTokens) {
    return new TokenizerFiles(config, tokenizerConfig, specialTokensMap, addedTokens).combined();
  }

  private TokenizerConfig combined() {
    boolean slow = TokenizerClasses.isSlow(tokenizerClass);
    JsonNode mecab = valueOf("mecab_kwargs");
    if (mecab != null) {
      requireKnownKeys(mecab);
    }
    if (slow) {
      refuseExtraSpecialTokens();
    }
    refuseTruncationAtTheStart();
    return new TokenizerConfig(
        tokenizerClass,
        flag("do_lower_case", !slow),
        flag("do_word_tokenize", true),
        flag("do_subword_tokenize", true),
        oneOf("word_tokenizer_type", "basic", WORD_TYPES),
        oneOf("subword_tokenizer_type", "wordpiece", SUBWORD_TYPES),
        neverSplit(),
        mecab == null ? null : mecab.stringOrNull("mecab_dic"),
        mecab == null ? null : mecab.stringOrNull("mecab_option"),
        mecab == null || mecab.bool("normalize_text", true),
        modelMaxLength(),
        flag("split_special_tokens", false),
        special("unk_token"),
        special("sep_token"),
        special("pad_token"),
        special("cls_token"),
        special("mask_token"),
        specials == null ? List.of() : specials.addedTokens());
  }

  private String tokenizerClass() {
    // The class is looked up before special_tokens_map.json has its say.
    JsonNode named = tokenizerConfig == null ? null : tokenizerConfig.valueOf("tokenizer_class");
    if (named != null) {
      return TokenizerClasses.require(named.string(), named.file() + ": key 'tokenizer_class'");
    }
    String inConfig = config.tokenizerClass();
    if (inConfig != null) {
      return TokenizerClasses.require(inConfig, "config.json: key 'tokenizer_class'");
    }
    if (!config.modelTypeStated() && valueOf("word_tokenizer_type") != null) {
      // Files of 2019 name neither class nor type, and AutoTokenizer does not open them. Only one
      // class writes this key, and users of such a model name that class in their code.
      return "BertJapaneseTokenizer";
    }
    return TokenizerClasses.ofModelType(config.modelType());
  }

  private String special(String key) {
    return specials == null
        ? TokenizerClasses.specialTokens(tokenizerClass).getOrDefault(key, "")
        : specials.content(key);
  }

  private void refuseTruncationAtTheStart() {
    JsonNode side = valueOf("truncation_side");
    if (side != null && !side.string().equals("right")) {
      throw side.wrong("\"right\"; cutting texts at their start is not supported");
    }
  }

  private @Nullable List<String> neverSplit() {
    JsonNode list = valueOf("never_split");
    if (list == null) {
      return null;
    }
    List<String> words = new ArrayList<>();
    for (JsonNode item : list.items()) {
      words.add(item.string());
    }
    return words;
  }

  private @Nullable Integer modelMaxLength() {
    // max_len is the key of transformers before 3.0; it counts when the newer one is absent
    JsonNode length =
        settings.containsKey("model_max_length") ? valueOf("model_max_length") : valueOf("max_len");
    if (length == null || length.decimal() > Integer.MAX_VALUE) {
      return null;
    }
    return length.integer(1, Integer.MAX_VALUE);
  }

  private static void requireKnownKeys(JsonNode mecab) {
    for (String key : mecab.members().keySet()) {
      if (!MECAB_KEYS.contains(key)) {
        throw mecab.wrong("only the keys " + MECAB_KEYS + ", not " + Quoted.name(key));
      }
    }
  }

  /** Newer files may name special tokens of a model's own; none of the known classes has any. */
  private void refuseExtraSpecialTokens() {
    JsonNode extra = valueOf("extra_special_tokens");
    if (extra == null) {
      return;
    }
    int count = extra.isList() ? extra.items().size() : extra.members().size();
    if (count > 0) {
      throw extra.wrong("an empty object; special tokens of a model's own are not supported");
    }
  }

  private @Nullable JsonNode valueOf(String key) {
    JsonNode value = settings.get(key);
    return value == null || value.isNull() ? null : value;
  }

  private boolean flag(String key, boolean fallback) {
    JsonNode value = settings.get(key);
    return value == null ? fallback : value.bool();
  }

  private String oneOf(String key, String fallback, List<String> accepted) {
    JsonNode value = settings.get(key);
    if (value == null) {
      return fallback;
    }
    if (!accepted.contains(value.string())) {
      throw value.wrong("one of " + accepted);
    }
    return value.string();
  }
}
