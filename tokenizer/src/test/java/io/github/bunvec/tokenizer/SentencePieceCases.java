package io.github.bunvec.tokenizer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.bunvec.tokenizer.ipadic.Ipadic;
import io.github.bunvec.tokenizer.sentencepiece.SentencePieceModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Builds tokenizers over a SentencePiece model for the options of sentencepiece_cases.py. */
final class SentencePieceCases {

  private SentencePieceCases() {}

  static Tokenizer tokenizer(JsonObject options, SentencePieceModel model, Vocabulary vocabulary) {
    return options.get("tokenizer_class").getAsString().equals("MLukeTokenizer")
        ? mluke(options, model)
        : bertJapanese(options, model, vocabulary);
  }

  private static Tokenizer mluke(JsonObject options, SentencePieceModel model) {
    AddedToken mask = new AddedToken("<mask>", false, true, false, false, true);
    List<AddedToken> additional = additional(options);
    return MLukeTokenizer.builder(model)
        .specialTokens(
            new SpecialTokens(
                token(options, "unk_token", AddedToken.special("<unk>")),
                token(options, "sep_token", AddedToken.special("</s>")),
                token(options, "pad_token", AddedToken.special("<pad>")),
                token(options, "cls_token", AddedToken.special("<s>")),
                token(options, "mask_token", mask),
                additional))
        .sentenceEnds(
            token(options, "bos_token", AddedToken.special("<s>")),
            token(options, "eos_token", AddedToken.special("</s>")))
        .entityTokens(
            token(options, "entity_token_1", AddedToken.special("<ent>")),
            token(options, "entity_token_2", AddedToken.special("<ent2>")))
        .addedTokens(added(options))
        .splitSpecialTokens(GoldenCase.flag(options, "split_special_tokens", false))
        .build();
  }

  private static Tokenizer bertJapanese(
      JsonObject options, SentencePieceModel model, Vocabulary vocabulary) {
    BertJapaneseTokenizer.Builder builder =
        BertJapaneseTokenizer.builder(vocabulary)
            .sentencePiece(model)
            .dictionary(Ipadic.dictionary())
            .doLowerCase(GoldenCase.flag(options, "do_lower_case", false))
            .doWordTokenize(GoldenCase.flag(options, "do_word_tokenize", true))
            .splitSpecialTokens(GoldenCase.flag(options, "split_special_tokens", false))
            .wordTokenizer(WordTokenizerType.valueOf(type(options, "word_tokenizer_type", "basic")))
            .subwordTokenizer(
                SubwordTokenizerType.valueOf(type(options, "subword_tokenizer_type", "wordpiece")))
            .addedTokens(added(options));
    if (options.has("never_split")) {
      builder.neverSplit(GoldenCase.strings(options.get("never_split")));
    }
    return builder
        .specialTokens(
            new SpecialTokens(
                token(options, "unk_token", AddedToken.special("[UNK]")),
                token(options, "sep_token", AddedToken.special("[SEP]")),
                token(options, "pad_token", AddedToken.special("[PAD]")),
                token(options, "cls_token", AddedToken.special("[CLS]")),
                token(options, "mask_token", AddedToken.special("[MASK]")),
                additional(options)))
        .build();
  }

  private static String type(JsonObject options, String name, String other) {
    String type = options.has(name) ? options.get(name).getAsString() : other;
    return type.toUpperCase(Locale.ROOT);
  }

  private static AddedToken token(JsonObject options, String name, AddedToken other) {
    return options.has(name) ? token(options.get(name)) : other;
  }

  private static AddedToken token(JsonElement value) {
    return value.isJsonPrimitive()
        ? AddedToken.special(value.getAsString())
        : GoldenCase.addedToken(value);
  }

  private static List<AddedToken> additional(JsonObject options) {
    List<AddedToken> tokens = new ArrayList<>();
    if (options.has("additional_special_tokens")) {
      options
          .getAsJsonArray("additional_special_tokens")
          .forEach(token -> tokens.add(token(token)));
    }
    return tokens;
  }

  private static Map<Integer, AddedToken> added(JsonObject options) {
    Map<Integer, AddedToken> added = new LinkedHashMap<>();
    if (options.has("added_tokens_decoder")) {
      options
          .getAsJsonObject("added_tokens_decoder")
          .asMap()
          .forEach((id, token) -> added.put(Integer.valueOf(id), GoldenCase.addedToken(token)));
    }
    return added;
  }
}
