package io.github.bunvec.engine.spi;

import io.github.bunvec.loader.PoolingMode;
import java.util.List;

/**
 * The fused operations a pass is made of, over the slots of one slice of a batch.
 *
 * <p>A matrix has one row per token of the slice, or one per sequence ({@link Slot.Rows}); where an
 * operation takes either, all its slots are of one kind, and "rows" stands for it. Slots are read
 * and written whole; a slot that an operation writes must not overlap one that it reads, except
 * where stated.
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
   * @param in [rows, inFeatures]
   * @param linear the layer
   * @param activation what follows, element by element
   * @param out [rows, outFeatures]
   */
  void linear(Slot in, Linear linear, Activation activation, Slot out);

  /**
   * {@code out = softmax(q k^T / sqrt(headWidth)) v} for every head within every sequence, for all
   * of its tokens or for the first alone.
   *
   * @param qkv query, key and value side by side; [tokens, 3 hidden], heads consecutive in each
   * @param heads the number of heads; divides hidden
   * @param out [tokens, hidden], or [sequences, hidden] for the first tokens
   */
  void attention(Slot qkv, int heads, Slot out);

  /**
   * {@code residual = LayerNorm(in + residual)}, in place.
   *
   * @param in [rows, hidden]
   * @param norm the normalisation
   * @param residual [rows, hidden]
   */
  void addLayerNorm(Slot in, LayerNorm norm, Slot residual);

  /**
   * {@code x = LayerNorm(x)}, in place.
   *
   * @param norm the normalisation
   * @param x [rows, features]
   */
  void layerNorm(LayerNorm norm, Slot x);

  /**
   * {@code out = factor in}, or {@code out = out + factor in}.
   *
   * @param in [rows, width]
   * @param factor what {@code in} is multiplied by
   * @param first whether {@code out} holds nothing yet
   * @param out [rows, width]
   */
  void accumulate(Slot in, float factor, boolean first, Slot out);

  /**
   * Makes one row per sequence of its tokens' rows: the modes' vectors one after another.
   *
   * <p>Tokens that {@link PackedBatch#skipped} counts take no part: means go over the others, a
   * weighted mean keeps the weights of their places, MAX takes them for -1e9. CLS is the first
   * token all the same. Where all are skipped, means and LAST_TOKEN are 0 [sentence-transformers
   * 5.3, Pooling.py].
   *
   * @param in [tokens, hidden]
   * @param modes at least one; definitions at {@link PoolingMode}
   * @param out [sequences, modes * hidden]
   */
  void pool(Slot in, List<PoolingMode> modes, Slot out);

  /**
   * {@code x = x / max(|x|, 1e-12)} for every row, in place, by the L2 norm.
   *
   * @param x [rows, width]
   */
  void normalize(Slot x);

  /**
   * Hands rows to the caller: one vector per sequence, its row, or the rows of its tokens one after
   * another.
   *
   * @param in [sequences, width] or [tokens, width]
   */
  void rows(Slot in);
}
