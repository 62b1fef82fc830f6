package io.github.bunvec.engine.cpu.kernel;

import io.github.bunvec.engine.spi.Activation;

/**
 * The macro-kernel: {@code C = activation(A W^T + bias)} panel by panel.
 *
 * <p>Loops, outermost first: panels (a panel's weights stay in L2 while all rows pass), parts of K
 * (only where a panel would not fit), register tiles of rows (in the micro-kernel). The activation
 * runs over a finished panel in a loop of its own: inside the tile it would make C2 box vectors.
 */
public final class Gemm {

  /** Depth of a part: 1024 x 64 floats are 256 KB, a quarter of the L2 of current cores. */
  public static final int KC = 1024;

  private Gemm() {}

  /**
   * Computes the panels {@code from .. to} of a linear layer.
   *
   * @param kernel the micro-kernels the weights were packed for
   * @param weights W and the bias
   * @param activation what follows
   * @param from first panel
   * @param to one past the last panel
   * @param m rows, at least 1
   * @param a A; [m, inFeatures]
   * @param aOffset where A starts
   * @param lda leading dimension of A
   * @param c C; [m, panels * NR]: zeros are written behind the last output
   * @param cOffset where C starts
   * @param ldc leading dimension of C
   */
  public static void linear(
      GemmKernel kernel,
      PackedMatrix weights,
      Activation activation,
      int from,
      int to,
      int m,
      float[] a,
      int aOffset,
      int lda,
      float[] c,
      int cOffset,
      int ldc) {
    int k = weights.inFeatures();
    int nr = kernel.columns();
    check(m, k, a, aOffset, lda);
    check(m, weights.panels() * nr, c, cOffset, ldc);
    for (int panel = from; panel < to; panel++) {
      int column = cOffset + panel * nr;
      for (int p = 0; p < k; p += KC) {
        weights.multiply(kernel, panel, p, Math.min(KC, k - p), m, a, aOffset, lda, c, column, ldc);
      }
      Activations.apply(kernel, activation, m, nr, c, column, ldc);
    }
  }

  private static void check(int rows, int columns, float[] x, int offset, int stride) {
    if (rows < 1
        || columns > stride
        || offset < 0
        || offset + (rows - 1L) * stride + columns > x.length) {
      throw new IllegalArgumentException(
          "matrix ["
              + rows
              + ", "
              + columns
              + "] at "
              + offset
              + " with leading dimension "
              + stride
              + " does not fit "
              + x.length
              + " values");
    }
  }
}
