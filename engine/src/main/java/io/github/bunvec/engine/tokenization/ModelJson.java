package io.github.bunvec.engine.tokenization;

import io.github.bunvec.loader.JsonNode;
import io.github.bunvec.tokenizer.pipeline.SubwordModel;
import io.github.bunvec.tokenizer.pipeline.Unigram;
import io.github.bunvec.tokenizer.pipeline.WordPiece;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the model of a tokenizer.json. */
final class ModelJson {

  private static final String SUPPORTED = "a model that is supported: WordPiece, Unigram";

  /** Far above any vocabulary. */
  private static final int MAX_ID = 1 << 26;

  private ModelJson() {}

  static SubwordModel read(JsonNode json) {
    JsonNode type = json.member("type");
    if (type == null) {
      // Files of before 0.9 name no type; the library goes by the keys.
      if (json.member("continuing_subword_prefix") != null) {
        return wordPiece(json);
      }
      if (json.member("unk_id") != null) {
        return unigram(json);
      }
      throw json.wrong(SUPPORTED);
    }
    return switch (type.string()) {
      case "WordPiece" -> wordPiece(json);
      case "Unigram" -> unigram(json);
      default -> throw type.wrong(SUPPORTED);
    };
  }

  private static SubwordModel wordPiece(JsonNode json) {
    Map<String, Integer> vocabulary = new HashMap<>();
    json.required("vocab")
        .members()
        .forEach((token, id) -> vocabulary.put(token, id.integer(0, MAX_ID)));
    JsonNode unknown = json.required("unk_token");
    return ComponentJson.checked(
        unknown,
        () ->
            new WordPiece(
                vocabulary,
                unknown.string(),
                json.required("continuing_subword_prefix").string(),
                json.required("max_input_chars_per_word").integer(0, Integer.MAX_VALUE)));
  }

  private static SubwordModel unigram(JsonNode json) {
    List<JsonNode> vocabulary = json.required("vocab").items();
    List<String> tokens = new ArrayList<>(vocabulary.size());
    double[] scores = new double[vocabulary.size()];
    for (int id = 0; id < scores.length; id++) {
      JsonNode entry = vocabulary.get(id);
      List<JsonNode> pair = entry.items();
      if (pair.size() != 2) {
        throw entry.wrong("a token and its score");
      }
      tokens.add(pair.get(0).string());
      scores[id] = SerdeNumber.parse(pair.get(1).numberText());
      if (!Double.isFinite(scores[id])) {
        throw pair.get(1).wrong("a number that a double can hold");
      }
    }
    JsonNode unknown = json.required("unk_id");
    if (unknown.isNull()) {
      throw unknown.wrong("an id; a unigram model without an unknown token is not supported");
    }
    int unknownId = unknown.integer(0, Integer.MAX_VALUE);
    boolean byteFallback = json.bool("byte_fallback", false);
    return ComponentJson.checked(
        unknown, () -> new Unigram(tokens, scores, unknownId, byteFallback));
  }
}
