package io.github.bunvec.engine.bert;

import static io.github.bunvec.engine.spi.Slot.Rows.SEQUENCES;
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
import io.github.bunvec.loader.PoolingMode;
import java.util.List;

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
 *
 * <p>Where what follows reads the first token of each sequence and no other, the last layer
 * computes keys and values for all tokens and everything else for the first ones, in slots with a
 * row per sequence: of its 12 H^2 multiplications per token 3 H^2 remain (decision 0026).
 */
public final class BertEncoder {

  private static final int OPERATIONS_PER_LAYER = 7;

  private static final List<PoolingMode> FIRST = List.of(PoolingMode.CLS);

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

  /** Where a layer keeps the rows it computes. */
  private record Rows(Slot hidden, Slot branch, Slot context, Slot inner) {}

  private final Rows tokens;
  private final Slot qkv;
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
    Slot hidden = Slot.of(TOKENS, 0, h);
    Slot branch = Slot.of(TOKENS, hidden.end(), h);
    this.qkv = Slot.of(TOKENS, branch.end(), 3 * h);
    Slot context = Slot.of(TOKENS, qkv.end(), h);
    Slot inner = Slot.of(TOKENS, branch.end(), config.intermediateSize());
    this.tokens = new Rows(hidden, branch, context, inner);
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
    Slot firstTokens = tail.firstTokens();
    if (firstTokens != null && layerWeights.length == 0 && !layers.isEmpty()) {
      Rows rows = firstTokens(firstTokens, tail.valuesPerSequence());
      return new EncoderPass(layers.size(), layerWeights, tail.operations(rows.hidden()), rows);
    }
    Slot output = layerWeights.length == 0 ? tokens.hidden() : mixed;
    return new EncoderPass(
        layers.size(), layerWeights, tail.operations(output), tail.valuesPerSequence());
  }

  /** Room for the rows of the first tokens, behind the slots of what follows. */
  private Rows firstTokens(Slot output, int offset) {
    int h = output.width();
    Slot branch = Slot.of(SEQUENCES, offset, h);
    Slot context = Slot.of(SEQUENCES, branch.end(), h);
    Slot inner = Slot.of(SEQUENCES, branch.end(), tokens.inner().width());
    return new Rows(output, branch, context, inner);
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
    List<Operation> rows = List.of(ops -> ops.rows(tokens.hidden()));
    return new EncoderPass(layer, new float[0], rows, 0);
  }

  /** One layer; {@code rows} are those of all tokens or of the first ones. */
  private void layer(Ops ops, Layer layer, Rows rows) {
    ops.linear(tokens.hidden(), layer.qkv(), Activation.NONE, qkv);
    ops.attention(qkv, heads, rows.context());
    if (rows.hidden().rows() == SEQUENCES) {
      ops.pool(tokens.hidden(), FIRST, rows.hidden());
    }
    ops.linear(rows.context(), layer.attentionOutput(), Activation.NONE, rows.branch());
    ops.addLayerNorm(rows.branch(), layer.attentionNorm(), rows.hidden());
    ops.linear(rows.hidden(), layer.up(), activation, rows.inner());
    ops.linear(rows.inner(), layer.down(), Activation.NONE, rows.branch());
    ops.addLayerNorm(rows.branch(), layer.outputNorm(), rows.hidden());
  }

  /** Some of the layers, and what follows. */
  private final class EncoderPass implements ForwardPass {

    private final int depth;
    private final float[] layerWeights; // [layers + 1], or empty; 0 for outputs that do not count
    private final Operation[] tail;
    private final int valuesPerSequence;
    private final int firstMixed; // the first output that counts
    private final Rows last; // what the last layer computes

    /** Of the first tokens' rows in the last layer, and behind it. */
    EncoderPass(int depth, float[] layerWeights, List<Operation> operations, Rows firstTokens) {
      this(
          depth,
          layerWeights,
          operations,
          Math.max(firstTokens.context().end(), firstTokens.inner().end()),
          firstTokens);
    }

    /** Of all tokens' rows. */
    EncoderPass(
        int depth, float[] layerWeights, List<Operation> operations, int valuesPerSequence) {
      this(depth, layerWeights, operations, valuesPerSequence, tokens);
    }

    private EncoderPass(
        int depth,
        float[] layerWeights,
        List<Operation> operations,
        int valuesPerSequence,
        Rows last) {
      this.depth = depth;
      this.layerWeights = layerWeights.clone();
      this.tail = operations.toArray(Operation[]::new);
      this.valuesPerSequence = valuesPerSequence;
      this.last = last;
      int first = 0;
      while (first < layerWeights.length && layerWeights[first] == 0) {
        first++;
      }
      this.firstMixed = first;
    }

    @Override
    public void run(Ops ops) {
      ops.embed(tables, embeddingNorm, tokens.hidden());
      mix(ops, 0);
      for (int i = 0; i < depth; i++) {
        layer(ops, layers.get(i), i == depth - 1 ? last : tokens);
        mix(ops, i + 1);
      }
      for (Operation operation : tail) {
        operation.run(ops);
      }
    }

    private void mix(Ops ops, int output) {
      if (output >= firstMixed && output < layerWeights.length) {
        ops.accumulate(tokens.hidden(), layerWeights[output], output == firstMixed, mixed);
      }
    }

    @Override
    public int operations() {
      return 1
          + depth * OPERATIONS_PER_LAYER
          + (last.hidden().rows() == SEQUENCES ? 1 : 0)
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
