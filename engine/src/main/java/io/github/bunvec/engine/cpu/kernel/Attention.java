package io.github.bunvec.engine.cpu.kernel;

/**
 * Self-attention of one head over one sequence: {@code softmax(Q K^T / sqrt(d)) V}.
 *
 * <p>A group of queries is transposed, multiplied with all keys, weighed and summed up before the
 * next: its scores, [keys, group], stay in L1 and L2. There is no streaming softmax, which would
 * pay only beyond the lengths these models take. Sums ascend over d and over the keys, whatever the
 * vector width.
 */
public final class Attention {

  /** Reused memory of one worker; grows to the longest sequence it has met. */
  public static final class Scratch {
    float[] queries = new float[0]; // [d][nr]
    private float[] shuffled = new float[0]; // [LANES][d]
    float[] values = new float[0]; // [panels of d][L][nr]
    float[] scores = new float[0]; // [L rounded up to nr][nr], or the other way round
    float[] context = new float[0]; // [nr][nr]
    float[] inverse = new float[0]; // [2][nr], 1 / sum of each query's scores
    float[] zeros = new float[0]; // [nr]
    final float[] partial = new float[VectorWidth.PARTIALS];

    /** Creates empty scratch. */
    public Scratch() {}

    /**
     * Returns the memory its arrays take.
     *
     * @return bytes
     */
    public long bytes() {
      return 4L
          * (queries.length
              + shuffled.length
              + values.length
              + scores.length
              + context.length
              + inverse.length
              + zeros.length);
    }

    void reserve(int nr, int length, int width) {
      queries = atLeast(queries, width * nr);
      shuffled = atLeast(shuffled, width * VectorWidth.LANES);
      values = atLeast(values, Math.ceilDiv(width, nr) * nr * length);
      scores = atLeast(scores, VectorWidth.roundUp(Math.ceilDiv(length, nr) * nr) * nr);
      context = atLeast(context, nr * nr);
      inverse = atLeast(inverse, 2 * nr);
      zeros = atLeast(zeros, nr);
    }

    private static float[] atLeast(float[] array, int length) {
      return array.length >= length ? array : new float[length];
    }
  }

  private Attention() {}

  /**
   * Computes one head over one sequence.
   *
   * @param kernel the micro-kernels
   * @param queries how many of the sequence's first tokens to compute, at most L
   * @param length L, rows of the sequence
   * @param width d, columns of the head
   * @param qkv query, key and value rows
   * @param q where the head's first query starts
   * @param k where the head's first key starts
   * @param v where the head's first value starts
   * @param stride leading dimension of all three
   * @param out receives [queries, d]
   * @param outOffset where it starts
   * @param outStride its leading dimension
   * @param scratch the calling worker's scratch
   */
  public static void head(
      GemmKernel kernel,
      int queries,
      int length,
      int width,
      float[] qkv,
      int q,
      int k,
      int v,
      int stride,
      float[] out,
      int outOffset,
      int outStride,
      Scratch scratch) {
    if (!kernel.compiled()) {
      PlainAttention.head(
          kernel, queries, length, width, qkv, q, k, v, stride, out, outOffset, outStride, scratch);
      return;
    }
    AttentionTiles tiles = AttentionTiles.of(kernel);
    int nr = tiles.columns();
    scratch.reserve(nr, length, width);
    float scale = (float) (1 / Math.sqrt(width));
    HeadPacking.values(nr, length, width, qkv, v, stride, scratch.values);
    for (int row = 0; row < queries; row += nr) {
      int m = Math.min(nr, queries - row);
      HeadPacking.queries(
          m, width, qkv, q + row * stride, stride, scratch.queries, nr, scratch.shuffled);
      tiles.scores(m, length, width, qkv, k, stride, scratch.queries, scratch.scores);
      Softmax.exponentiate(length, m, scratch.scores, nr, scale, scratch.inverse);
      context(tiles, m, length, width, out, outOffset + row * outStride, outStride, scratch);
    }
  }

  /** The weighted values of m queries, panel by panel. */
  private static void context(
      AttentionTiles tiles,
      int m,
      int length,
      int width,
      float[] out,
      int outOffset,
      int outStride,
      Scratch s) {
    int nr = tiles.columns();
    int column = 0;
    for (; column <= width - nr; column += nr) {
      tiles.context(
          m,
          length,
          s.scores,
          s.values,
          column * length,
          s.inverse,
          out,
          outOffset + column,
          outStride);
    }
    if (column < width) { // a part of a panel: what is behind it in out is not ours
      tiles.context(m, length, s.scores, s.values, column * length, s.inverse, s.context, 0, nr);
      for (int row = 0; row < m; row++) {
        System.arraycopy(
            s.context, row * nr, out, outOffset + row * outStride + column, width - column);
      }
    }
  }
}
