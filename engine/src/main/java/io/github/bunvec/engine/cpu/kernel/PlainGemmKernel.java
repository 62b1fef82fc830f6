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
    int i = 0;
    for (; i <= m - 3; i += 3) {
      rows3(
          k,
          a,
          aOffset + i * lda,
          lda,
          b,
          bOffset,
          init,
          initOffset + i * initStride,
          initStride,
          c,
          cOffset + i * ldc,
          ldc);
    }
    for (; i < m; i++) {
      row(
          k,
          a,
          aOffset + i * lda,
          b,
          bOffset,
          init,
          initOffset + i * initStride,
          c,
          cOffset + i * ldc);
    }
  }

  /** Three rows by four columns at a time: twelve chains and no register more than 16. */
  private void rows3(
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
    for (int j = 0; j < columns; j += 4) {
      int from0 = initOffset + j;
      int from1 = from0 + initStride;
      int from2 = from1 + initStride;
      float c00 = init[from0];
      float c01 = init[from0 + 1];
      float c02 = init[from0 + 2];
      float c03 = init[from0 + 3];
      float c10 = init[from1];
      float c11 = init[from1 + 1];
      float c12 = init[from1 + 2];
      float c13 = init[from1 + 3];
      float c20 = init[from2];
      float c21 = init[from2 + 1];
      float c22 = init[from2 + 2];
      float c23 = init[from2 + 3];
      for (int p = 0; p < k; p++) {
        int w = bOffset + p * columns + j;
        float x0 = a[aOffset + p];
        float x1 = a[aOffset + lda + p];
        float x2 = a[aOffset + 2 * lda + p];
        c00 = Math.fma(x0, b[w], c00);
        c01 = Math.fma(x0, b[w + 1], c01);
        c02 = Math.fma(x0, b[w + 2], c02);
        c03 = Math.fma(x0, b[w + 3], c03);
        c10 = Math.fma(x1, b[w], c10);
        c11 = Math.fma(x1, b[w + 1], c11);
        c12 = Math.fma(x1, b[w + 2], c12);
        c13 = Math.fma(x1, b[w + 3], c13);
        c20 = Math.fma(x2, b[w], c20);
        c21 = Math.fma(x2, b[w + 1], c21);
        c22 = Math.fma(x2, b[w + 2], c22);
        c23 = Math.fma(x2, b[w + 3], c23);
      }
      int to0 = cOffset + j;
      int to1 = to0 + ldc;
      int to2 = to1 + ldc;
      c[to0] = c00;
      c[to0 + 1] = c01;
      c[to0 + 2] = c02;
      c[to0 + 3] = c03;
      c[to1] = c10;
      c[to1 + 1] = c11;
      c[to1 + 2] = c12;
      c[to1 + 3] = c13;
      c[to2] = c20;
      c[to2 + 1] = c21;
      c[to2 + 2] = c22;
      c[to2 + 3] = c23;
    }
  }

  private void row(
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      float[] init,
      int initOffset,
      float[] c,
      int cOffset) {
    for (int j = 0; j < columns; j += 4) {
      float c0 = init[initOffset + j];
      float c1 = init[initOffset + j + 1];
      float c2 = init[initOffset + j + 2];
      float c3 = init[initOffset + j + 3];
      for (int p = 0; p < k; p++) {
        float x = a[aOffset + p];
        int w = bOffset + p * columns + j;
        c0 = Math.fma(x, b[w], c0);
        c1 = Math.fma(x, b[w + 1], c1);
        c2 = Math.fma(x, b[w + 2], c2);
        c3 = Math.fma(x, b[w + 3], c3);
      }
      c[cOffset + j] = c0;
      c[cOffset + j + 1] = c1;
      c[cOffset + j + 2] = c2;
      c[cOffset + j + 3] = c3;
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
