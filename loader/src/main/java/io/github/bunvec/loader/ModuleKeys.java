package io.github.bunvec.loader;

import java.util.List;

/** Keys that several modules have in common. */
final class ModuleKeys {

  private ModuleKeys() {}

  /** Since 5.4 some modules can work on other features than the sentence's vector. */
  static void requireSentenceEmbedding(JsonNode json) {
    for (String key : List.of("module_input_name", "module_output_name")) {
      JsonNode name = json.valueOf(key);
      if (name != null && !name.string().equals("sentence_embedding")) {
        throw name.wrong("\"sentence_embedding\"; others are not supported");
      }
    }
  }

  /** The width of a vector, by its name since 5.4 or the one before. */
  static int dimension(JsonNode json) {
    boolean current = json.member("embedding_dimension") != null;
    return json.required(current ? "embedding_dimension" : "word_embedding_dimension")
        .integer(1, 1 << 20);
  }
}
