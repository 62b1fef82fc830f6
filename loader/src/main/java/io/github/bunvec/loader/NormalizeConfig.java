package io.github.bunvec.loader;

/** A Normalize module, {@code x / max(|x|, 1e-12)}; it has nothing to configure. */
public record NormalizeConfig() implements ModuleConfig {

  static NormalizeConfig from(JsonNode json) {
    ModuleKeys.requireSentenceEmbedding(json);
    return new NormalizeConfig();
  }
}
