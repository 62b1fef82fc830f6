package io.github.bunvec.engine.tokenization;

import io.github.bunvec.engine.dictionary.Dictionaries;
import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.loader.JsonNode;
import io.github.bunvec.loader.ModelDirectory;
import io.github.bunvec.loader.TokenizerConfig;
import io.github.bunvec.tokenizer.AddedToken;
import io.github.bunvec.tokenizer.BertJapaneseTokenizer;
import io.github.bunvec.tokenizer.MLukeTokenizer;
import io.github.bunvec.tokenizer.SpecialTokens;
import io.github.bunvec.tokenizer.SubwordTokenizerType;
import io.github.bunvec.tokenizer.Tokenizer;
import io.github.bunvec.tokenizer.Vocabulary;
import io.github.bunvec.tokenizer.WordTokenizerType;
import io.github.bunvec.tokenizer.sentencepiece.SentencePieceException;
import io.github.bunvec.tokenizer.sentencepiece.SentencePieceModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the tokenizer a model directory describes, or refuses it by name. */
public final class Tokenizers {

  private static final Map<String, String> MLUKE_TOKENS =
      Map.of(
          "bos_token", "<s>",
          "eos_token", "</s>",
          "entity_token_1", "<ent>",
          "entity_token_2", "<ent2>");

  private Tokenizers() {}

  /**
   * Makes the tokenizer of a model directory, as AutoTokenizer of transformers chooses it.
   *
   * @param directory the model; open, and needed no more afterwards
   * @param dictionaries the choice of the dictionary for words, where the tokenizer takes one
   * @return the tokenizer
   * @throws io.github.bunvec.loader.CheckpointException if a file is missing, damaged or asks for
   *     what is not supported
   * @throws IOException if a file cannot be read
   */
  public static Tokenizer of(ModelDirectory directory, Dictionaries dictionaries)
      throws IOException {
    TokenizerConfig config = directory.tokenizer();
    return switch (config.tokenizerClass()) {
      case "BertJapaneseTokenizer" -> bertJapanese(directory, config, dictionaries);
      case "MLukeTokenizer" -> mluke(directory, config);
      default -> PipelineLoader.load(directory);
    };
  }

  private static Tokenizer bertJapanese(
      ModelDirectory directory, TokenizerConfig config, Dictionaries dictionaries)
      throws IOException {
    boolean sentencePiece =
        config.subwordTokenizerType().equals("sentencepiece") && config.doSubwordTokenize();
    BertJapaneseTokenizer.Builder builder =
        BertJapaneseTokenizer.builder(
                sentencePiece ? Vocabulary.of(List.of()) : Vocabulary.read(directory.vocabFile()))
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
    if (sentencePiece) {
      builder.sentencePiece(sentencePiece(directory, "spiece.model"));
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

  private static Tokenizer mluke(ModelDirectory directory, TokenizerConfig config)
      throws IOException {
    JsonNode settings = directory.tokenizerJson("tokenizer_config.json").orElse(null);
    requireTokensOf(settings);
    try {
      return MLukeTokenizer.builder(sentencePiece(directory, "sentencepiece.bpe.model"))
          .specialTokens(specialTokens(config))
          .addedTokens(tokensWithIds(config))
          .splitSpecialTokens(config.splitSpecialTokens())
          .build();
    } catch (IllegalArgumentException e) {
      throw new CheckpointException("tokenizer_config.json: " + e.getMessage(), e);
    }
  }

  /** What MLukeTokenizer could be told and no model says. */
  private static void requireTokensOf(@Nullable JsonNode settings) {
    if (settings == null) {
      return;
    }
    for (String key : List.of("bos_token", "eos_token", "entity_token_1", "entity_token_2")) {
      JsonNode value = settings.valueOf(key);
      String expected = MLUKE_TOKENS.get(key);
      if (value != null && !content(value).equals(expected)) {
        throw value.wrong("\"" + expected + "\"; others are not supported");
      }
    }
    JsonNode task = settings.valueOf("task");
    if (task != null) {
      throw task.wrong("null; tasks over entities are not supported");
    }
    JsonNode sampling = settings.valueOf("sp_model_kwargs");
    if (sampling == null) {
      return;
    }
    for (String key : sampling.members().keySet()) {
      if (!key.equals("enable_sampling") || sampling.bool(key, false)) {
        throw sampling.wrong("nothing but enable_sampling false, not '" + key + "'");
      }
    }
  }

  private static String content(JsonNode token) {
    return token.isObject() ? token.required("content").string() : token.string();
  }

  private static SentencePieceModel sentencePiece(ModelDirectory directory, String name)
      throws IOException {
    Path file =
        directory
            .tokenizerFile(name)
            .orElseThrow(
                () ->
                    new CheckpointException(
                        "%s: is missing in %s, %s needs it"
                            .formatted(name, directory, directory.tokenizer().tokenizerClass())));
    try {
      return SentencePieceModel.read(file);
    } catch (SentencePieceException e) {
      throw new CheckpointException(String.valueOf(e.getMessage()), e);
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
