package io.github.bunvec.loader;

import java.util.ArrayList;
import java.util.List;

/**
 * The configuration of a Pooling module, of any generation of sentence-transformers.
 *
 * @param modes at least one; the results of several are concatenated in this order
 * @param dimension width of a token vector
 * @param includePrompt whether the tokens of a prompt take part
 */
public record PoolingConfig(List<PoolingMode> modes, int dimension, boolean includePrompt)
    implements ModuleConfig {

  /** Creates a configuration; the list is copied. */
  public PoolingConfig {
    modes = List.copyOf(modes);
  }

  /**
   * Returns the width of the pooled vector.
   *
   * @return modes times dimension
   */
  public int outputDimension() {
    return modes.size() * dimension;
  }

  static PoolingConfig from(JsonNode json) {
    int dimension = ModuleKeys.dimension(json);
    JsonNode mode = json.valueOf("pooling_mode");
    List<PoolingMode> modes = mode != null ? named(mode) : flagged(json);
    return new PoolingConfig(modes, dimension, json.bool("include_prompt", true));
  }

  /** 5.4 and newer: a name, or a list of names in the order of concatenation. */
  private static List<PoolingMode> named(JsonNode mode) {
    List<JsonNode> items = mode.isList() ? mode.items() : List.of(mode);
    List<PoolingMode> modes = new ArrayList<>();
    for (JsonNode item : items) {
      PoolingMode named = PoolingMode.named(item.string());
      if (named == null) {
        throw item.wrong("one of " + PoolingMode.names());
      }
      modes.add(named);
    }
    if (modes.isEmpty()) {
      throw mode.wrong("one or more of " + PoolingMode.names());
    }
    return modes;
  }

  /** Before 5.4: one flag per mode, concatenated in the order of the enum; none means mean. */
  private static List<PoolingMode> flagged(JsonNode json) {
    List<PoolingMode> modes = new ArrayList<>();
    for (PoolingMode mode : PoolingMode.values()) {
      if (json.bool(mode.flagKey(), false)) {
        modes.add(mode);
      }
    }
    return modes.isEmpty() ? List.of(PoolingMode.MEAN) : modes;
  }
}
