package io.github.bunvec.loader;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code config_sentence_transformers.json}.
 *
 * @param prompts text to put in front of a text, by name; in the order of the file; {@code query}
 *     and {@code document} are always there, with an empty text if the file has none
 * @param defaultPromptName key of {@code prompts} that is used when none is asked for, or null
 * @param similarityFunction one of {@link #SIMILARITY_FUNCTIONS}
 * @param truncateDim length to which vectors are cut, or null
 */
public record SentenceTransformersConfig(
    Map<String, String> prompts,
    @Nullable String defaultPromptName,
    String similarityFunction,
    @Nullable Integer truncateDim) {

  /** The accepted values of {@code similarity_fn_name}. */
  public static final List<String> SIMILARITY_FUNCTIONS =
      List.of("cosine", "dot", "euclidean", "manhattan");

  /** Names that every model has since version 5, without a text unless the file gives one. */
  private static final List<String> IMPLIED_PROMPTS = List.of("query", "document");

  /** What a directory without the file means. */
  static final SentenceTransformersConfig ABSENT =
      new SentenceTransformersConfig(implied(), null, "cosine", null);

  /** Creates a configuration; the map is copied. */
  public SentenceTransformersConfig {
    prompts = Collections.unmodifiableMap(new LinkedHashMap<>(prompts));
  }

  private static Map<String, String> implied() {
    Map<String, String> prompts = new LinkedHashMap<>();
    IMPLIED_PROMPTS.forEach(name -> prompts.put(name, ""));
    return prompts;
  }

  static SentenceTransformersConfig from(JsonNode json) {
    Map<String, String> prompts = new LinkedHashMap<>();
    JsonNode promptsNode = json.valueOf("prompts");
    if (promptsNode != null) {
      promptsNode.members().forEach((name, text) -> prompts.put(name, text.string()));
    }
    JsonNode defaultPrompt = json.valueOf("default_prompt_name");
    IMPLIED_PROMPTS.forEach(name -> prompts.putIfAbsent(name, ""));
    if (defaultPrompt != null && !prompts.containsKey(defaultPrompt.string())) {
      throw defaultPrompt.wrong("a key of 'prompts', one of " + prompts.keySet());
    }
    JsonNode similarity = json.valueOf("similarity_fn_name");
    if (similarity != null && !SIMILARITY_FUNCTIONS.contains(similarity.string())) {
      throw similarity.wrong("one of " + SIMILARITY_FUNCTIONS);
    }
    JsonNode truncateDim = json.valueOf("truncate_dim");
    return new SentenceTransformersConfig(
        prompts,
        defaultPrompt == null ? null : defaultPrompt.string(),
        similarity == null ? "cosine" : similarity.string(),
        truncateDim == null ? null : truncateDim.integer(1, Integer.MAX_VALUE));
  }
}
