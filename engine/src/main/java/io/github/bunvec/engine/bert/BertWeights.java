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
import java.util.concurrent.FutureTask;

/** Takes the tensors of a BERT checkpoint by name and shape and lays them out on a backend. */
final class BertWeights {

  private final BertConfig config;
  private final ModelTensors tensors;
  private final Backend backend;
  private final LoadingTasks tasks = new LoadingTasks();

  BertWeights(BertConfig config, ModelTensors tensors, Backend backend) {
    this.config = config;
    this.tensors = tensors;
    this.backend = backend;
  }

  /** A layer whose parts may not be laid out yet. */
  private record PendingLayer(
      FutureTask<Linear> qkv,
      FutureTask<Linear> output,
      LayerNorm attentionNorm,
      FutureTask<Linear> up,
      FutureTask<Linear> down,
      LayerNorm norm) {
    BertEncoder.Layer layer() {
      return new BertEncoder.Layer(
          LoadingTasks.result(qkv),
          LoadingTasks.result(output),
          attentionNorm,
          LoadingTasks.result(up),
          LoadingTasks.result(down),
          norm);
    }
  }

  /** Checks all tensors first, then lays them out by as many threads as the backend has. */
  BertEncoder encoder() {
    TensorView word = table("word", config.vocabSize());
    TensorView position = table("position", config.maxPositions());
    TensorView type = table("token_type", config.typeVocabSize());
    // The largest part first, so that it is not what the others wait for at the end.
    FutureTask<EmbeddingTables> tables = tasks.add(() -> backend.embeddings(word, position, type));
    LayerNorm norm = norm("embeddings.LayerNorm");
    List<PendingLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      layers.add(layer("encoder.layer." + i + "."));
    }
    tensors.requireNoOthers();
    tasks.run(backend.threads());
    return new BertEncoder(
        config,
        activation(config.hiddenAct()),
        LoadingTasks.result(tables),
        norm,
        layers.stream().map(PendingLayer::layer).toList());
  }

  private PendingLayer layer(String prefix) {
    int h = config.hiddenSize();
    int inner = config.intermediateSize();
    String self = prefix + "attention.self.";
    return new PendingLayer(
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

  private FutureTask<Linear> linear(int out, int in, String... names) {
    List<TensorView> weights = new ArrayList<>();
    List<TensorView> biases = new ArrayList<>();
    for (String name : names) {
      weights.add(tensors.require(name + ".weight", out, in));
      biases.add(tensors.require(name + ".bias", out));
    }
    return tasks.add(() -> backend.linear(weights, biases));
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
