package io.github.bunvec.loader;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/** Configurations of modules as sentence-transformers writes them. */
final class ModuleConfigJson {

  private ModuleConfigJson() {}

  /** Returns the content of config.json; empty where the module has nothing to configure. */
  static JsonObject of(ModuleConfig module) {
    return switch (module) {
      case PoolingConfig config -> pooling(config);
      case DenseConfig config -> dense(config);
      case LayerNormConfig config -> {
        JsonObject json = new JsonObject();
        json.addProperty("dimension", config.dimension());
        yield json;
      }
      case WeightedLayerPoolingConfig config -> {
        JsonObject json = new JsonObject();
        json.addProperty("word_embedding_dimension", config.dimension());
        json.addProperty("layer_start", config.layerStart());
        json.addProperty("num_hidden_layers", config.layers());
        yield json;
      }
      case NormalizeConfig _, DropoutConfig _ -> new JsonObject();
    };
  }

  /**
   * The flags of 2.3 to 5.3, which newer versions read, too; they have an order of their own, so
   * that another one needs the list of 5.4.
   */
  private static JsonObject pooling(PoolingConfig config) {
    JsonObject json = new JsonObject();
    List<PoolingMode> modes = config.modes();
    if (modes.equals(modes.stream().distinct().sorted().toList())) {
      json.addProperty("word_embedding_dimension", config.dimension());
      for (PoolingMode mode : PoolingMode.values()) {
        json.addProperty(mode.flagKey(), modes.contains(mode));
      }
    } else {
      JsonArray names = new JsonArray();
      modes.forEach(mode -> names.add(mode.modeName()));
      json.addProperty("embedding_dimension", config.dimension());
      json.add("pooling_mode", names);
    }
    json.addProperty("include_prompt", config.includePrompt());
    return json;
  }

  private static JsonObject dense(DenseConfig config) {
    JsonObject json = new JsonObject();
    json.addProperty("in_features", config.inFeatures());
    json.addProperty("out_features", config.outFeatures());
    json.addProperty("bias", config.bias());
    String file = config.activation().equals("Identity") ? "linear" : "activation";
    json.addProperty("activation_function", "torch.nn.modules." + file + "." + config.activation());
    if (config.residual()) {
      json.addProperty("use_residual", true);
    }
    return json;
  }
}
