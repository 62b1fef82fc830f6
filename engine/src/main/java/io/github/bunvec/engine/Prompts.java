package io.github.bunvec.engine;

import io.github.bunvec.loader.SentenceTransformersConfig;
import java.util.Map;

/**
 * Texts put in front of texts, by the rules of sentence-transformers 5.3.
 *
 * @param named the model's prompts by name; {@code query} and {@code document} are always there
 * @param inForce what is put in front of a text unless a call says otherwise; empty for nothing
 * @param reason where that comes from
 */
record Prompts(Map<String, String> named, String inForce, String reason) {

  static Prompts of(SentenceTransformersConfig config, Profile profile, ModelOptions options) {
    Map<String, String> named = config.prompts();
    String text = options.prompt();
    if (text != null) {
      return new Prompts(named, text, "asked for");
    }
    String name = options.promptName();
    if (name != null) {
      return new Prompts(named, named(named, name), "'" + name + "', asked for");
    }
    String fallback = config.defaultPromptName();
    if (fallback == null) {
      return new Prompts(named, "", "the model names no default");
    }
    if (profile == Profile.TRANSFORMERS) {
      return new Prompts(named, "", "the profile transformers has none");
    }
    return new Prompts(named, named(named, fallback), "'" + fallback + "', the model's default");
  }

  String named(String name) {
    return named(named, name);
  }

  private static String named(Map<String, String> prompts, String name) {
    String text = prompts.get(name);
    if (text == null) {
      throw new IllegalArgumentException(
          "the model has no prompt '%s', it has: %s"
              .formatted(name, String.join(", ", prompts.keySet())));
    }
    return text;
  }
}
