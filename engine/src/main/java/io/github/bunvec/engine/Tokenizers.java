package io.github.bunvec.engine;

import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.loader.ModelDirectory;
import io.github.bunvec.loader.TokenizerConfig;
import io.github.bunvec.tokenizer.AddedToken;
import io.github.bunvec.tokenizer.BertJapaneseTokenizer;
import io.github.bunvec.tokenizer.SpecialTokens;
import io.github.bunvec.tokenizer.SubwordTokenizerType;
import io.github.bunvec.tokenizer.Tokenizer;
import io.github.bunvec.tokenizer.Vocabulary;
import io.github.bunvec.tokenizer.WordTokenizerType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Makes the tokenizer a model directory describes, or refuses it by name. */
final class Tokenizers {

  private Tokenizers() {}

  static Tokenizer of(ModelDirectory directory, Dictionaries dictionaries) throws IOException {
    TokenizerConfig config = directory.tokenizer();
    if (!config.tokenizerClass().equals("BertJapaneseTokenizer")) {
      throw new CheckpointException(
          "tokenizer_config.json: tokenizer_class is '"
              + config.tokenizerClass()
              + "', this version supports BertJapaneseTokenizer");
    }
    BertJapaneseTokenizer.Builder builder =
        BertJapaneseTokenizer.builder(Vocabulary.read(directory.vocabFile()))
            .doLowerCase(config.doLowerCase())
            .doWordTokenize(config.doWordTokenize())
            .doSubwordTokenize(config.doSubwordTokenize())
            .wordTokenizer(
                type(WordTokenizerType.class, "word_tokenizer_type", config.wordTokenizerType()))
            .subwordTokenizer(
                type(
                    SubwordTokenizerType.class,
                    "subword_tokenizer_type",
                    config.subwordTokenizerType()))
            .normalizeText(config.normalizeText())
            .splitSpecialTokens(config.splitSpecialTokens())
            .specialTokens(specialTokens(config))
            .addedTokens(tokensWithIds(config));
    if (config.doWordTokenize() && config.wordTokenizerType().equals("mecab")) {
      builder.dictionary(dictionaries.of(config));
    }
    if (config.neverSplit() != null) {
      builder.neverSplit(config.neverSplit());
    }
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new CheckpointException("tokenizer_config.json: " + e.getMessage(), e);
    }
  }

  private static <E extends Enum<E>> E type(Class<E> types, String key, String value) {
    for (E type : types.getEnumConstants()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(value)) {
        return type;
      }
    }
    throw new CheckpointException(
        "tokenizer_config.json: " + key + " is '" + value + "', which is no known type");
  }

  private static SpecialTokens specialTokens(TokenizerConfig config) {
    List<String> main =
        List.of(
            config.unkToken(),
            config.sepToken(),
            config.padToken(),
            config.clsToken(),
            config.maskToken());
    List<AddedToken> tokens = new ArrayList<>();
    for (String content : main) {
      tokens.add(
          config.addedTokens().stream()
              .filter(token -> token.content().equals(content))
              .map(Tokenizers::convert)
              .findFirst()
              .orElse(AddedToken.special(content)));
    }
    List<AddedToken> additional =
        config.addedTokens().stream()
            .filter(token -> token.id() == null && !main.contains(token.content()))
            .map(Tokenizers::convert)
            .toList();
    return new SpecialTokens(
        tokens.get(0), tokens.get(1), tokens.get(2), tokens.get(3), tokens.get(4), additional);
  }

  private static Map<Integer, AddedToken> tokensWithIds(TokenizerConfig config) {
    Map<Integer, AddedToken> tokens = new LinkedHashMap<>();
    for (io.github.bunvec.loader.AddedToken token : config.addedTokens()) {
      Integer id = token.id();
      if (id != null) {
        tokens.put(id, convert(token));
      }
    }
    return tokens;
  }

  private static AddedToken convert(io.github.bunvec.loader.AddedToken token) {
    return new AddedToken(
        token.content(),
        token.singleWord(),
        token.lstrip(),
        token.rstrip(),
        token.normalized(),
        token.special());
  }
}
