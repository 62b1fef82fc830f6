package io.github.bunvec.loader;

/**
 * The configuration of a WeightedLayerPooling module: token vectors become the weighted mean of
 * what the encoder's layers give.
 *
 * @param dimension width of a token vector
 * @param layerStart the first output that counts; 0 is the embeddings', 1 the first layer's
 * @param layers {@code num_hidden_layers} of the encoder
 */
public record WeightedLayerPoolingConfig(int dimension, int layerStart, int layers)
    implements ModuleConfig {

  /**
   * Returns how many outputs count.
   *
   * @return the number of weights
   */
  public int weights() {
    return layers + 1 - layerStart;
  }

  static WeightedLayerPoolingConfig from(JsonNode json) {
    int layers = json.integer("num_hidden_layers", 12, 1, 1024);
    return new WeightedLayerPoolingConfig(
        ModuleKeys.dimension(json), json.integer("layer_start", 4, 0, layers), layers);
  }
}
