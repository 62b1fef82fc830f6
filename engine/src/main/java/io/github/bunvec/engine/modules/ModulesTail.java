package io.github.bunvec.engine.modules;

import static io.github.bunvec.engine.spi.Slot.Rows.SEQUENCES;

import io.github.bunvec.engine.bert.Operation;
import io.github.bunvec.engine.bert.Tail;
import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.engine.spi.Slot;
import io.github.bunvec.loader.Checkpoint;
import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.loader.ConfiguredModule;
import io.github.bunvec.loader.DenseConfig;
import io.github.bunvec.loader.DropoutConfig;
import io.github.bunvec.loader.LayerNormConfig;
import io.github.bunvec.loader.NormalizeConfig;
import io.github.bunvec.loader.PoolingConfig;
import io.github.bunvec.loader.PoolingMode;
import io.github.bunvec.loader.TensorView;
import io.github.bunvec.loader.WeightedLayerPoolingConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a pipeline, one module after another.
 *
 * <p>A vector lies in one of three slots as wide as the widest. Dense reads one and writes the
 * next; a residual that is itself a matrix takes the third; all else is done in place.
 */
final class ModulesTail implements Tail {

  /** The first operation, which alone reads what the encoder gives. */
  private List<PoolingMode> modes = List.of();

  private final List<Operation> operations = new ArrayList<>();
  private final int layers;
  private int hidden; // width of the encoder's rows
  private final int room; // of one slot
  private int slots = 1; // that are in use
  private int current; // number of the slot the vector is in
  private int width; // of the vector
  private float[] layerWeights = {};

  ModulesTail(int layers, int widest) {
    this.layers = layers;
    this.room = Slot.of(SEQUENCES, 0, widest).stride();
  }

  void add(ConfiguredModule module, Pipeline.Weights weights, Backend backend) throws IOException {
    switch (module.config()) {
      case PoolingConfig pooling -> {
        modes = pooling.modes();
        hidden = pooling.dimension();
        width = pooling.outputDimension();
      }
      case NormalizeConfig normalize -> {
        Slot x = slot(current, width);
        operations.add(ops -> ops.normalize(x));
      }
      case DropoutConfig dropout -> {}
      case WeightedLayerPoolingConfig config -> {
        try (Checkpoint checkpoint = weights.open(module)) {
          ModuleWeights tensors = new ModuleWeights(module, checkpoint);
          layerWeights = layerWeights(module, config, tensors);
          tensors.requireNoOthers();
        }
      }
      case LayerNormConfig config -> {
        try (Checkpoint checkpoint = weights.open(module)) {
          ModuleWeights tensors = new ModuleWeights(module, checkpoint);
          TensorView weight = tensors.require("norm.weight", width);
          TensorView bias = tensors.require("norm.bias", width);
          LayerNorm norm = backend.layerNorm(weight, bias, LayerNormConfig.EPS);
          tensors.requireNoOthers();
          Slot x = slot(current, width);
          operations.add(ops -> ops.layerNorm(norm, x));
        }
      }
      case DenseConfig config -> {
        try (Checkpoint checkpoint = weights.open(module)) {
          ModuleWeights tensors = new ModuleWeights(module, checkpoint);
          dense(config, tensors, backend);
          tensors.requireNoOthers();
        }
      }
    }
  }

  private void dense(DenseConfig config, ModuleWeights tensors, Backend backend) {
    int out = config.outFeatures();
    int in = config.inFeatures();
    List<TensorView> weight = List.of(tensors.require("linear.weight", out, in));
    List<TensorView> bias =
        config.bias() ? List.of(tensors.require("linear.bias", out)) : List.of();
    Linear linear = backend.linear(weight, bias);
    Activation activation = DenseActivations.named(config.activation());
    int next = (current + 1) % 3;
    Slot x = slot(current, in);
    Slot y = slot(next, out);
    operations.add(ops -> ops.linear(x, linear, activation, y));
    if (config.residual() && in == out) {
      operations.add(ops -> ops.accumulate(x, 1, false, y));
    } else if (config.residual()) {
      Linear projection =
          backend.linear(List.of(tensors.require("residual.weight", out, in)), List.of());
      Slot z = slot((current + 2) % 3, out);
      operations.add(ops -> ops.linear(x, projection, Activation.NONE, z));
      operations.add(ops -> ops.accumulate(z, 1, false, y));
    }
    current = next;
    width = out;
  }

  private float[] layerWeights(
      ConfiguredModule module, WeightedLayerPoolingConfig config, ModuleWeights tensors) {
    float[] given = tensors.require("layer_weights", config.weights()).toFloatArray();
    double sum = 0;
    for (float weight : given) {
      sum += weight;
    }
    if (sum == 0) {
      throw new CheckpointException(module.label() + ": layer_weights add up to 0");
    }
    float[] all = new float[layers + 1];
    for (int i = 0; i < given.length; i++) {
      all[config.layerStart() + i] = (float) (given[i] / sum);
    }
    return all;
  }

  /** Adds what comes last: the vector's first values, divided by their length if asked for. */
  void end(int dimension, boolean normalize) {
    Slot x = slot(current, width).first(dimension);
    if (normalize) {
      operations.add(ops -> ops.normalize(x));
    }
    operations.add(ops -> ops.rows(x));
  }

  private Slot slot(int number, int columns) {
    slots = Math.max(slots, number + 1);
    return new Slot(SEQUENCES, number * room, columns, room);
  }

  @Override
  public float[] layerWeights() {
    return layerWeights;
  }

  @Override
  public @Nullable Slot firstTokens() {
    boolean clsAlone = modes.equals(List.of(PoolingMode.CLS)) && layerWeights.length == 0;
    return clsAlone ? slot(0, hidden) : null;
  }

  @Override
  public List<Operation> operations(Slot output) {
    Slot pooled = slot(0, output.width() * modes.size());
    List<Operation> all = new ArrayList<>();
    if (!output.equals(pooled)) {
      all.add(ops -> ops.pool(output, modes, pooled));
    }
    all.addAll(operations);
    return all;
  }

  @Override
  public int valuesPerSequence() {
    return slots * room;
  }
}
