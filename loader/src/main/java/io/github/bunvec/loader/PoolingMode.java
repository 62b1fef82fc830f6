package io.github.bunvec.loader;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the token vectors of a text become one vector [sentence-transformers, Pooling]. */
public enum PoolingMode {
  /** The first token. */
  CLS("cls", "pooling_mode_cls_token"),
  /** The largest value of each dimension. */
  MAX("max", "pooling_mode_max_tokens"),
  /** The mean. */
  MEAN("mean", "pooling_mode_mean_tokens"),
  /** The sum over the square root of the number of tokens. */
  MEAN_SQRT_LEN("mean_sqrt_len_tokens", "pooling_mode_mean_sqrt_len_tokens"),
  /** The mean weighted by position, from 1. */
  WEIGHTED_MEAN("weightedmean", "pooling_mode_weightedmean_tokens"),
  /** The last token. */
  LAST_TOKEN("lasttoken", "pooling_mode_lasttoken");

  private final String modeName;
  private final String flagKey;

  PoolingMode(String modeName, String flagKey) {
    this.modeName = modeName;
    this.flagKey = flagKey;
  }

  /**
   * Returns the mode's name in configurations.
   *
   * @return for instance {@code mean_sqrt_len_tokens}
   */
  public String modeName() {
    return modeName;
  }

  /** Returns the boolean key of sentence-transformers before 5.4. */
  String flagKey() {
    return flagKey;
  }

  static @Nullable PoolingMode named(String modeName) {
    for (PoolingMode mode : values()) {
      if (mode.modeName.equals(modeName)) {
        return mode;
      }
    }
    return null;
  }

  static List<String> names() {
    return Arrays.stream(values()).map(PoolingMode::modeName).toList();
  }
}
