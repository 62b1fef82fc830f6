package io.github.bunvec.loader;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code config_sentence_transformers.json}.
 *
 * @param prompts text to put in front of a text, by name; in the order of the file
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

  /** What a directory without the file means. */
  static final SentenceTransformersConfig ABSENT =
      new SentenceTransformersConfig(Map.of(), null, "cosine", null);

  /** Creates a configuration; the map is copied. */
  public SentenceTransformersConfig {
    prompts = Collections.unmodifiableMap(new LinkedHashMap<>(prompts));
  }

  static SentenceTransformersConfig from(JsonNode json) {
    Map<String, String> prompts = new LinkedHashMap<>();
    JsonNode promptsNode = json.valueOf("prompts");
    if (promptsNode != null) {
      promptsNode.members().forEach((name, text) -> prompts.put(name, text.string()));
    }
    JsonNode defaultPrompt = json.valueOf("default_prompt_name");
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
