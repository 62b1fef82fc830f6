package io.github.bunvec.engine.cpu.kernel;

/**
 * Self-attention of one head over one sequence: {@code softmax(Q K^T / sqrt(d)) V}.
 *
 * <p>Both products run through the same micro-kernels as the linear layers, so their sums ascend
 * over d and over the keys, whatever the vector width. K is transposed and V copied into panels
 * first: that is linear in the length, the products are quadratic. Scores are kept for a block of
 * query rows at a time, small enough for L1 and L2; there is no streaming softmax, which would pay
 * only beyond the lengths these models take.
 */
public final class Attention {

  /** Scores of a block of queries: 16 K floats, 64 KB. */
  private static final int BLOCK_SCORES = 16 * 1024;

  private static final int MAX_BLOCK = 96;

  /** Reused memory of one worker; grows to the longest sequence it has met. */
  public static final class Scratch {
    private float[] keys = new float[0]; // [panels of L][d][nr]
    private float[] values = new float[0]; // [panels of d][L][nr]
    private float[] scores = new float[0]; // [block][L rounded up to nr]
    private float[] context = new float[0]; // [block][d rounded up to nr]
    private final float[] inverse = new float[MAX_BLOCK]; // [block], 1 / sum of each row of scores
    private final float[] zeros = new float[64]; // [nr]
    private final float[] partial = new float[VectorWidth.PARTIALS];

    /** Creates empty scratch. */
    public Scratch() {}

    /**
     * Returns the memory its arrays take.
     *
     * @return bytes
     */
    public long bytes() {
      return 4L * (keys.length + values.length + scores.length + context.length);
    }

    private void reserve(int nr, int length, int width) {
      int columns = Math.ceilDiv(length, nr) * nr;
      int block = block(nr, length);
      keys = atLeast(keys, columns * width);
      values = atLeast(values, Math.ceilDiv(width, nr) * nr * length);
      scores = atLeast(scores, block * columns);
      context = atLeast(context, block * Math.ceilDiv(width, nr) * nr);
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
    int nr = kernel.columns();
    scratch.reserve(nr, length, width);
    packKeys(nr, length, width, qkv, k, stride, scratch.keys);
    packValues(nr, length, width, qkv, v, stride, scratch.values);
    int block = block(nr, length);
    for (int row = 0; row < queries; row += block) {
      int m = Math.min(block, queries - row);
      rows(
          kernel,
          m,
          length,
          width,
          qkv,
          q + row * stride,
          stride,
          out,
          outOffset + row * outStride,
          outStride,
          scratch);
    }
  }

  /** One block of m query rows against all keys. */
  private static void rows(
      GemmKernel kernel,
      int m,
      int length,
      int width,
      float[] qkv,
      int q,
      int stride,
      float[] out,
      int outOffset,
      int outStride,
      Scratch s) {
    int nr = kernel.columns();
    int columns = Math.ceilDiv(length, nr) * nr;
    for (int j = 0; j < columns; j += nr) {
      kernel.panel(
          m, width, qkv, q, stride, s.keys, j * width, s.zeros, 0, 0, s.scores, j, columns);
    }
    int contextStride = Math.ceilDiv(width, nr) * nr;
    float scale = (float) (1 / Math.sqrt(width));
    for (int row = 0; row < m; row++) {
      s.inverse[row] =
          Softmax.exponentiate(kernel, s.scores, row * columns, length, scale, s.partial);
    }
    for (int j = 0; j < contextStride; j += nr) {
      kernel.panel(
          m,
          length,
          s.scores,
          0,
          columns,
          s.values,
          j * length,
          s.zeros,
          0,
          0,
          s.context,
          j,
          contextStride);
    }
    for (int row = 0; row < m; row++) {
      float inverse = s.inverse[row];
      int from = row * contextStride;
      int to = outOffset + row * outStride;
      for (int i = 0; i < width; i++) {
        out[to + i] = s.context[from + i] * inverse;
      }
    }
  }

  /** How many query rows are worked on at once: a multiple of every MR, so that tiles are full. */
  private static int block(int nr, int length) {
    int columns = Math.ceilDiv(length, nr) * nr;
    return Math.clamp(BLOCK_SCORES / columns / 12 * 12L, 12, MAX_BLOCK);
  }

  /**
   * Transposes K into panels; columns behind the last key keep what they hold, nothing reads them.
   */
  private static void packKeys(
      int nr, int length, int width, float[] qkv, int k, int stride, float[] keys) {
    for (int j = 0; j < length; j++) {
      int from = k + j * stride;
      int to = j / nr * nr * width + j % nr;
      for (int p = 0; p < width; p++) {
        keys[to + p * nr] = qkv[from + p];
      }
    }
  }

  /** Copies V into panels; columns behind the head's width keep what they hold. */
  private static void packValues(
      int nr, int length, int width, float[] qkv, int v, int stride, float[] values) {
    for (int column = 0; column < width; column += nr) {
      int count = Math.min(nr, width - column);
      for (int j = 0; j < length; j++) {
        System.arraycopy(qkv, v + j * stride + column, values, column * length + j * nr, count);
      }
    }
  }
}
