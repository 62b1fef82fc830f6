package io.github.bunvec.engine.cpu.kernel;

/**
 * The micro-kernels' plain-loop twin: the same panels, the same sums in the same order, no vectors.
 *
 * <p>It defines what the others compute, and stands in for them while they are not compiled yet
 * ({@link WarmingGemmKernel}).
 */
final class PlainGemmKernel implements GemmKernel {

  private final int lanes;
  private final int rows;
  private final int columns;

  /** Takes the panels of another kernel. */
  PlainGemmKernel(GemmKernel twin) {
    this.lanes = twin.lanes();
    this.rows = twin.rows();
    this.columns = twin.columns();
  }

  @Override
  public int lanes() {
    return lanes;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public void panel(
      int m,
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < columns; j += 4) {
        int from = initOffset + i * initStride + j;
        float c0 = init[from];
        float c1 = init[from + 1];
        float c2 = init[from + 2];
        float c3 = init[from + 3];
        for (int p = 0; p < k; p++) {
          float x = a[aOffset + i * lda + p];
          int w = bOffset + p * columns + j;
          c0 = Math.fma(x, b[w], c0);
          c1 = Math.fma(x, b[w + 1], c1);
          c2 = Math.fma(x, b[w + 2], c2);
          c3 = Math.fma(x, b[w + 3], c3);
        }
        int to = cOffset + i * ldc + j;
        c[to] = c0;
        c[to + 1] = c1;
        c[to + 2] = c2;
        c[to + 3] = c3;
      }
    }
  }

  @Override
  public void panelBf16(
      int m,
      int k,
      float[] a,
      int aOffset,
      int lda,
      int[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    for (int i = 0; i < m; i++) {
      for (int pair = 0; pair < columns / 2; pair += 2) {
        // Pairs of a vector's column (lower half) and the next vector's (upper half).
        int low = pair / lanes * 2 * lanes + pair % lanes;
        int from = initOffset + i * initStride + low;
        float low0 = init[from];
        float low1 = init[from + 1];
        float high0 = init[from + lanes];
        float high1 = init[from + lanes + 1];
        for (int p = 0; p < k; p++) {
          float x = a[aOffset + i * lda + p];
          int w0 = b[bOffset + p * (columns / 2) + pair];
          int w1 = b[bOffset + p * (columns / 2) + pair + 1];
          low0 = Math.fma(x, Float.intBitsToFloat(w0 << 16), low0);
          low1 = Math.fma(x, Float.intBitsToFloat(w1 << 16), low1);
          high0 = Math.fma(x, Float.intBitsToFloat(w0 & 0xFFFF0000), high0);
          high1 = Math.fma(x, Float.intBitsToFloat(w1 & 0xFFFF0000), high1);
        }
        int to = cOffset + i * ldc + low;
        c[to] = low0;
        c[to + 1] = low1;
        c[to + lanes] = high0;
        c[to + lanes + 1] = high1;
      }
    }
  }
}
