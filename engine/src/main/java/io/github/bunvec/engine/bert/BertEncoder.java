package io.github.bunvec.engine.bert;

import static io.github.bunvec.engine.spi.Slot.Rows.TOKENS;

import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.EmbeddingTables;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.engine.spi.Ops;
import io.github.bunvec.engine.spi.PositionRule;
import io.github.bunvec.engine.spi.Slot;
import io.github.bunvec.loader.BertConfig;
import io.github.bunvec.loader.ModelTensors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The BERT encoder (Devlin et al., 2018), written once for every backend.
 *
 * <p>The memory plan is five slots with a row per token. {@code inner} is written when {@code qkv}
 * and {@code context} are no longer needed and takes their place; {@code mixed} is there where a
 * mean over layers is asked for:
 *
 * <pre>
 *   hidden | branch | qkv        | context | mixed
 *                   | inner              |
 * </pre>
 */
public final class BertEncoder {

  private static final int OPERATIONS_PER_LAYER = 7;

  /** One layer's weights on a backend. */
  record Layer(
      Linear qkv,
      Linear attentionOutput,
      LayerNorm attentionNorm,
      Linear up,
      Linear down,
      LayerNorm outputNorm) {}

  private final EmbeddingTables tables;
  private final LayerNorm embeddingNorm;
  private final List<Layer> layers;
  private final int heads;
  private final PositionRule positions;
  private final Activation activation;
  private final int valuesPerToken;

  private final Slot hidden;
  private final Slot branch;
  private final Slot qkv;
  private final Slot context;
  private final Slot inner;
  private final Slot mixed;

  BertEncoder(
      BertConfig config,
      Activation activation,
      EmbeddingTables tables,
      LayerNorm embeddingNorm,
      List<Layer> layers) {
    this.tables = tables;
    this.embeddingNorm = embeddingNorm;
    this.layers = List.copyOf(layers);
    this.heads = config.heads();
    this.positions =
        config.positionsFollowPadding()
            ? PositionRule.afterPadding(config.padTokenId())
            : PositionRule.FROM_ZERO;
    this.activation = activation;
    int h = config.hiddenSize();
    this.hidden = Slot.of(TOKENS, 0, h);
    this.branch = Slot.of(TOKENS, hidden.end(), h);
    this.qkv = Slot.of(TOKENS, branch.end(), 3 * h);
    this.context = Slot.of(TOKENS, qkv.end(), h);
    this.inner = Slot.of(TOKENS, branch.end(), config.intermediateSize());
    this.valuesPerToken = Math.max(context.end(), inner.end());
    this.mixed = Slot.of(TOKENS, valuesPerToken, h);
  }

  /**
   * Reads the weights of a checkpoint onto a backend.
   *
   * @param config the model's shape
   * @param tensors its checkpoint; may be closed afterwards
   * @param backend where it will run
   * @return the encoder
   * @throws io.github.bunvec.loader.CheckpointException if a tensor is missing, misshapen or
   *     unknown
   */
  public static BertEncoder load(BertConfig config, ModelTensors tensors, Backend backend) {
    return new BertWeights(config, tensors, backend).encoder();
  }

  /**
   * Returns how tokens are numbered in the batches that its passes run on.
   *
   * @return the rule
   */
  public PositionRule positions() {
    return positions;
  }

  /**
   * Returns the pass that ends in other operations on what the encoder gives.
   *
   * @param tail makes the operations, the last one {@link Ops#rows}
   * @return the pass
   */
  public ForwardPass pass(Tail tail) {
    float[] layerWeights = tail.layerWeights();
    if (layerWeights.length != 0 && layerWeights.length != layers.size() + 1) {
      throw new IllegalArgumentException(
          layerWeights.length + " layer weights, expected " + (layers.size() + 1));
    }
    Slot output = layerWeights.length == 0 ? hidden : mixed;
    return new EncoderPass(layers.size(), layerWeights, tail.operations(output), tail);
  }

  /**
   * Returns the pass that gives the rows themselves.
   *
   * @param layer how many layers to run; 0 gives the embedding output
   * @return the pass; {@code length * hidden} values per sequence
   */
  public ForwardPass hiddenStates(int layer) {
    if (layer < 0 || layer > layers.size()) {
      throw new IllegalArgumentException("layer is " + layer + ", expected 0 to " + layers.size());
    }
    List<Operation> rows = List.of(ops -> ops.rows(hidden));
    return new EncoderPass(layer, new float[0], rows, null);
  }

  private void layer(Ops ops, Layer layer) {
    ops.linear(hidden, layer.qkv(), Activation.NONE, qkv);
    ops.attention(qkv, heads, context);
    ops.linear(context, layer.attentionOutput(), Activation.NONE, branch);
    ops.addLayerNorm(branch, layer.attentionNorm(), hidden);
    ops.linear(hidden, layer.up(), activation, inner);
    ops.linear(inner, layer.down(), Activation.NONE, branch);
    ops.addLayerNorm(branch, layer.outputNorm(), hidden);
  }

  /** Some of the layers, and what follows. */
  private final class EncoderPass implements ForwardPass {

    private final int depth;
    private final float[] layerWeights; // [layers + 1], or empty; 0 for outputs that do not count
    private final Operation[] tail;
    private final int valuesPerSequence;
    private final int firstMixed; // the first output that counts

    EncoderPass(int depth, float[] layerWeights, List<Operation> operations, @Nullable Tail tail) {
      this.depth = depth;
      this.layerWeights = layerWeights.clone();
      this.tail = operations.toArray(Operation[]::new);
      this.valuesPerSequence = tail == null ? 0 : tail.valuesPerSequence();
      int first = 0;
      while (first < layerWeights.length && layerWeights[first] == 0) {
        first++;
      }
      this.firstMixed = first;
    }

    @Override
    public void run(Ops ops) {
      ops.embed(tables, embeddingNorm, hidden);
      mix(ops, 0);
      for (int i = 0; i < depth; i++) {
        layer(ops, layers.get(i));
        mix(ops, i + 1);
      }
      for (Operation operation : tail) {
        operation.run(ops);
      }
    }

    private void mix(Ops ops, int output) {
      if (output >= firstMixed && output < layerWeights.length) {
        ops.accumulate(hidden, layerWeights[output], output == firstMixed, mixed);
      }
    }

    @Override
    public int operations() {
      return 1
          + depth * OPERATIONS_PER_LAYER
          + Math.max(0, layerWeights.length - firstMixed)
          + tail.length;
    }

    @Override
    public int valuesPerToken() {
      return layerWeights.length == 0 ? valuesPerToken : mixed.end();
    }

    @Override
    public int valuesPerSequence() {
      return valuesPerSequence;
    }
  }
}
