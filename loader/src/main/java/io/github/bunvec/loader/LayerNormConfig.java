package io.github.bunvec.loader;

/**
 * The configuration of a LayerNorm module: torch's, with its default eps of 1e-5.
 *
 * @param dimension width of the vector
 */
public record LayerNormConfig(int dimension) implements ModuleConfig {

  /** The default of torch.nn.LayerNorm, which no file changes. */
  public static final double EPS = 1e-5;

  static LayerNormConfig from(JsonNode json) {
    return new LayerNormConfig(json.required("dimension").integer(1, 1 << 20));
  }
}
