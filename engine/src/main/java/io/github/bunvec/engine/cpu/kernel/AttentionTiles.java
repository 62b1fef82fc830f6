package io.github.bunvec.engine.cpu.kernel;

/**
 * The two products of attention at one vector width, for a group of up to {@link #columns} queries.
 *
 * <pre>
 *   scores   S[keys x queries] = K[keys x d] * Q[d x queries]
 *   context  C[queries x nr]   = diag(inverse) * S^T * V[keys x nr]
 *
 *   K  row-major, its leading dimension the caller's        Q, S, V  rows of nr = columns() values
 * </pre>
 *
 * <p>Scores lie with the queries side by side: K is read as it is, and what the softmax does along
 * the keys it does for a vector of queries at once. As in {@link GemmKernel} every element is one
 * accumulator of fused multiply-adds, ascending over d or over the keys, whatever the width.
 */
interface AttentionTiles {

  /** Returns nr, the queries of a group and the columns of a panel of V: a multiple of 16. */
  int columns();

  /**
   * Multiplies keys with queries.
   *
   * @param queries columns that are needed, at most nr
   * @param keys rows of K, at least 1
   * @param width d
   * @param k K
   * @param kOffset where it starts
   * @param stride its leading dimension
   * @param q Q
   * @param scores receives S; columns behind the last query hold anything
   */
  void scores(
      int queries,
      int keys,
      int width,
      float[] k,
      int kOffset,
      int stride,
      float[] q,
      float[] scores);

  /**
   * Adds up weighted values.
   *
   * @param queries rows of C, at most nr
   * @param keys rows of S and V, at least 1
   * @param scores S
   * @param v V
   * @param vOffset where its panel starts
   * @param inverse a factor for each row of C
   * @param out receives C
   * @param outOffset where C starts
   * @param outStride its leading dimension
   */
  void context(
      int queries,
      int keys,
      float[] scores,
      float[] v,
      int vOffset,
      float[] inverse,
      float[] out,
      int outOffset,
      int outStride);

  /** Returns the tiles of a kernel's vector width. */
  static AttentionTiles of(GemmKernel kernel) {
    return switch (kernel.lanes()) {
      case 16 -> AttentionTiles512.INSTANCE;
      case 8 -> AttentionTiles256.INSTANCE;
      default -> AttentionTiles128.INSTANCE;
    };
  }
}
