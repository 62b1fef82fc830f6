package io.github.bunvec.engine.spi;

import io.github.bunvec.loader.PoolingMode;
import java.util.List;

/**
 * The fused operations a pass is made of, over the slots of one slice of a batch.
 *
 * <p>Every matrix has one row per token of the slice. Slots are read and written whole; a slot that
 * an operation writes must not overlap one that it reads, except where stated.
 */
public interface Ops {

  /**
   * {@code out = LayerNorm((word[id] + tokenType[0]) + position[p])} for every token.
   *
   * @param tables the embedding tables
   * @param norm the normalisation
   * @param out [tokens, hidden]
   */
  void embed(EmbeddingTables tables, LayerNorm norm, Slot out);

  /**
   * {@code out = activation(in W^T + b)}.
   *
   * @param in [tokens, inFeatures]
   * @param linear the layer
   * @param activation what follows, element by element
   * @param out [tokens, outFeatures]
   */
  void linear(Slot in, Linear linear, Activation activation, Slot out);

  /**
   * {@code out = softmax(q k^T / sqrt(headWidth)) v} for every head within every sequence.
   *
   * @param qkv query, key and value side by side; [tokens, 3 hidden], heads consecutive in each
   * @param heads the number of heads; divides hidden
   * @param out [tokens, hidden]
   */
  void attention(Slot qkv, int heads, Slot out);

  /**
   * {@code residual = LayerNorm(in + residual)}, in place.
   *
   * @param in [tokens, hidden]
   * @param norm the normalisation
   * @param residual [tokens, hidden]
   */
  void addLayerNorm(Slot in, LayerNorm norm, Slot residual);

  /**
   * Makes one vector per sequence and hands it to the caller: the modes' vectors one after another.
   *
   * @param in [tokens, hidden]
   * @param modes at least one; definitions at {@link PoolingMode}
   * @param normalize whether to divide the vector by its L2 norm, or by 1e-12 where that is greater
   */
  void pool(Slot in, List<PoolingMode> modes, boolean normalize);

  /**
   * Hands the rows themselves to the caller: one vector of {@code length * hidden} values per
   * sequence.
   *
   * @param in [tokens, hidden]
   */
  void rows(Slot in);
}
