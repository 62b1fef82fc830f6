package io.github.bunvec.tokenizer;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.bunvec.tokenizer.mecab.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A line of a file that tools/golden/tokenizer_cases.py wrote: a text and what transformers makes
 * of it.
 */
record GoldenCase(
    JsonObject options,
    String text,
    int maxLength,
    List<String> words,
    List<String> tokens,
    List<Integer> ids,
    int lengthBeforeTruncation) {

  static GoldenCase parse(String line) {
    JsonObject json = JsonParser.parseString(line).getAsJsonObject();
    return new GoldenCase(
        json.has("options") ? json.getAsJsonObject("options") : new JsonObject(),
        json.get("text").getAsString(),
        json.has("max_length") ? json.get("max_length").getAsInt() : Tokenizer.NO_LIMIT,
        strings(json.get("words")),
        strings(json.get("tokens")),
        json.getAsJsonArray("ids").asList().stream().map(JsonElement::getAsInt).toList(),
        json.get("length_before_truncation").getAsInt());
  }

  /** Builds the tokenizer that transformers builds with these keyword arguments. */
  static BertJapaneseTokenizer tokenizer(
      JsonObject options, Vocabulary vocabulary, Dictionary dictionary) {
    BertJapaneseTokenizer.Builder builder =
        BertJapaneseTokenizer.builder(vocabulary).dictionary(dictionary);
    builder.doLowerCase(flag(options, "do_lower_case", false));
    builder.doWordTokenize(flag(options, "do_word_tokenize", true));
    builder.doSubwordTokenize(flag(options, "do_subword_tokenize", true));
    builder.splitSpecialTokens(flag(options, "split_special_tokens", false));
    builder.normalizeText(flag(options, "normalize_text", true));
    if (options.has("subword_tokenizer_type")) {
      String type = options.get("subword_tokenizer_type").getAsString();
      builder.subwordTokenizer(SubwordTokenizerType.valueOf(type.toUpperCase(Locale.ROOT)));
    }
    if (options.has("never_split")) {
      builder.neverSplit(strings(options.get("never_split")));
    }
    if (options.has("added_tokens_decoder")) {
      Map<Integer, AddedToken> added = new LinkedHashMap<>();
      options
          .getAsJsonObject("added_tokens_decoder")
          .asMap()
          .forEach((id, token) -> added.put(Integer.valueOf(id), addedToken(token)));
      builder.addedTokens(added);
    }
    builder.specialTokens(
        new SpecialTokens(
            special(options, "unk_token", "[UNK]"),
            special(options, "sep_token", "[SEP]"),
            special(options, "pad_token", "[PAD]"),
            special(options, "cls_token", "[CLS]"),
            special(options, "mask_token", "[MASK]"),
            options.has("additional_special_tokens")
                ? strings(options.get("additional_special_tokens")).stream()
                    .map(AddedToken::special)
                    .toList()
                : List.of()));
    return builder.build();
  }

  /** Returns what our tokenizer makes of a text. */
  static GoldenCase result(Tokenizer tokenizer, JsonObject options, String text, int maxLength) {
    Encoding encoding = tokenizer.encode(text, maxLength);
    List<Integer> ids = IntStream.of(encoding.ids()).boxed().toList();
    return new GoldenCase(
        options,
        text,
        maxLength,
        tokenizer.words(text),
        ids.stream().map(tokenizer::token).toList(),
        ids,
        encoding.lengthBeforeTruncation());
  }

  /** Writes words, tokens, ids and length as such a line. */
  String toJson() {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("words", words);
    line.put("tokens", tokens);
    line.put("ids", ids);
    line.put("length_before_truncation", lengthBeforeTruncation);
    return new Gson().toJson(line);
  }

  static AddedToken addedToken(JsonElement element) {
    JsonObject token = element.getAsJsonObject();
    return new AddedToken(
        token.get("content").getAsString(),
        flag(token, "single_word", false),
        flag(token, "lstrip", false),
        flag(token, "rstrip", false),
        flag(token, "normalized", !flag(token, "special", false)),
        flag(token, "special", false));
  }

  private static AddedToken special(JsonObject options, String name, String other) {
    return AddedToken.special(options.has(name) ? options.get(name).getAsString() : other);
  }

  static boolean flag(JsonObject options, String name, boolean other) {
    return options.has(name) ? options.get(name).getAsBoolean() : other;
  }

  static List<String> strings(JsonElement array) {
    return array.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
  }
}
