package io.github.bunvec.engine.cpu.kernel;

/**
 * The twin of {@link Attention} with the same bits: its products are panels of any kernel, all else
 * is plain loops.
 *
 * <p>With plain panels it defines what attention computes; with those of machine code it stands in
 * for it while vectors are not compiled yet.
 */
final class PlainAttention {

  private PlainAttention() {}

  /** Computes one head over one sequence, see {@link Attention#head}. */
  static void head(
      GemmKernel products,
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
      Attention.Scratch s) {
    int nr = products.columns();
    int columns = VectorWidth.roundUp(Math.ceilDiv(length, nr) * nr);
    float scale = (float) (1 / Math.sqrt(width));
    s.reserve(nr, length, width);
    for (int row = 0; row < queries; row += nr) {
      int m = Math.min(nr, queries - row);
      for (int key = 0; key < length; key += nr) {
        transpose(Math.min(nr, length - key), width, qkv, k + key * stride, stride, s.queries, nr);
        products.panel(
            m,
            width,
            qkv,
            q + row * stride,
            stride,
            s.queries,
            0,
            s.zeros,
            0,
            0,
            s.scores,
            key,
            columns);
      }
      for (int i = 0; i < m; i++) {
        s.inverse[i] = PlainElements.softmax(s.scores, i * columns, length, scale, s.partial);
      }
      for (int column = 0; column < width; column += nr) {
        int count = Math.min(nr, width - column);
        for (int j = 0; j < length; j++) {
          System.arraycopy(qkv, v + j * stride + column, s.values, j * nr, count);
        }
        products.panel(
            m, length, s.scores, 0, columns, s.values, 0, s.zeros, 0, 0, s.context, 0, nr);
        for (int i = 0; i < m; i++) {
          int to = outOffset + (row + i) * outStride + column;
          scale(count, s.context, i * nr, s.inverse[i], out, to);
        }
      }
    }
  }

  /** Writes keys as columns of a panel; what is behind the last is not read. */
  private static void transpose(
      int keys, int width, float[] qkv, int k, int stride, float[] panel, int nr) {
    for (int j = 0; j < keys; j++) {
      column(width, qkv, k + j * stride, panel, j, nr);
    }
  }

  private static void column(int width, float[] x, int from, float[] panel, int to, int nr) {
    for (int p = 0; p < width; p++) {
      panel[to + p * nr] = x[from + p];
    }
  }

  private static void scale(int n, float[] x, int from, float factor, float[] y, int to) {
    for (int i = 0; i < n; i++) {
      y[to + i] = x[from + i] * factor;
    }
  }
}
