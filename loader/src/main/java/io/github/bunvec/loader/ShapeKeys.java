package io.github.bunvec.loader;

import java.util.ArrayList;
import java.util.List;

/** Which keys of config.json the sizes of an encoder's tensors come from, for messages. */
final class ShapeKeys {

  private ShapeKeys() {}

  /** Returns for instance " (config.json says vocab_size=30522, hidden_size=768)". */
  static String describe(String canonicalName, long[] shape) {
    List<String> keys = keys(canonicalName);
    List<String> said = new ArrayList<>();
    for (int i = 0; i < Math.min(keys.size(), shape.length); i++) {
      String pair = keys.get(i) + "=" + shape[i];
      if (!said.contains(pair)) {
        said.add(pair);
      }
    }
    return said.isEmpty() ? "" : " (config.json says " + String.join(", ", said) + ")";
  }

  private static List<String> keys(String name) {
    if (name.startsWith("embeddings.word_embeddings.")) {
      return List.of("vocab_size", "hidden_size");
    }
    if (name.startsWith("embeddings.position_embeddings.")) {
      return List.of("max_position_embeddings", "hidden_size");
    }
    if (name.startsWith("embeddings.token_type_embeddings.")) {
      return List.of("type_vocab_size", "hidden_size");
    }
    if (name.contains(".intermediate.dense.")) {
      return List.of("intermediate_size", "hidden_size");
    }
    if (name.endsWith(".output.dense.weight") && !name.contains(".attention.")) {
      return List.of("hidden_size", "intermediate_size");
    }
    return List.of("hidden_size", "hidden_size");
  }
}
