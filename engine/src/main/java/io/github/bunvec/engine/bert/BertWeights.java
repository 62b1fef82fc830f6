package io.github.bunvec.engine.bert;

import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.loader.BertConfig;
import io.github.bunvec.loader.ModelTensors;
import io.github.bunvec.loader.TensorView;
import java.util.ArrayList;
import java.util.List;

/** Takes the tensors of a BERT checkpoint by name and shape and lays them out on a backend. */
final class BertWeights {

  private final BertConfig config;
  private final ModelTensors tensors;
  private final Backend backend;

  BertWeights(BertConfig config, ModelTensors tensors, Backend backend) {
    this.config = config;
    this.tensors = tensors;
    this.backend = backend;
  }

  BertEncoder encoder() {
    EmbeddingTables tables =
        backend.embeddings(
            table("word", config.vocabSize()),
            table("position", config.maxPositions()),
            table("token_type", config.typeVocabSize()));
    LayerNorm norm = norm("embeddings.LayerNorm");
    List<BertEncoder.Layer> layers = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      layers.add(layer("encoder.layer." + i + "."));
    }
    tensors.requireNoOthers();
    return new BertEncoder(config, activation(config.hiddenAct()), tables, norm, layers);
  }

  private BertEncoder.Layer layer(String prefix) {
    int h = config.hiddenSize();
    int inner = config.intermediateSize();
    String self = prefix + "attention.self.";
    return new BertEncoder.Layer(
        linear(h, h, self + "query", self + "key", self + "value"),
        linear(h, h, prefix + "attention.output.dense"),
        norm(prefix + "attention.output.LayerNorm"),
        linear(inner, h, prefix + "intermediate.dense"),
        linear(h, inner, prefix + "output.dense"),
        norm(prefix + "output.LayerNorm"));
  }

  private TensorView table(String name, int rows) {
    return tensors.require("embeddings." + name + "_embeddings.weight", rows, config.hiddenSize());
  }

  private LayerNorm norm(String name) {
    return backend.layerNorm(
        tensors.require(name + ".weight", config.hiddenSize()),
        tensors.require(name + ".bias", config.hiddenSize()),
        config.layerNormEps());
  }

  private Linear linear(int out, int in, String... names) {
    List<TensorView> weights = new ArrayList<>();
    List<TensorView> biases = new ArrayList<>();
    for (String name : names) {
      weights.add(tensors.require(name + ".weight", out, in));
      biases.add(tensors.require(name + ".bias", out));
    }
    return backend.linear(weights, biases);
  }

  /** The activation of a {@code hidden_act} [transformers, activations.py]. */
  private static Activation activation(String name) {
    return switch (name) {
      case "gelu" -> Activation.GELU;
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Activation.GELU_TANH;
      case "quick_gelu" -> Activation.QUICK_GELU;
      case "relu" -> Activation.RELU;
      case "silu", "swish" -> Activation.SILU;
      case "tanh" -> Activation.TANH;
      default ->
          throw new IllegalArgumentException(
              "config.json: hidden_act '" + name + "' is not supported");
    };
  }
}
