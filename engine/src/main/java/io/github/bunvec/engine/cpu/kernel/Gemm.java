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
    check(m, k, a.length, aOffset, lda);
    check(m, weights.panels() * nr, c.length, cOffset, ldc);
    for (int panel = from; panel < to; panel++) {
      int column = cOffset + panel * nr;
      for (int p = 0; p < k; p += KC) {
        weights.multiply(kernel, panel, p, Math.min(KC, k - p), m, a, aOffset, lda, c, column, ldc);
      }
      Activations.apply(kernel, activation, m, nr, c, column, ldc);
    }
  }

  /**
   * Refuses a matrix that does not lie within its array: machine code checks nothing itself.
   *
   * @param rows rows
   * @param columns columns
   * @param length values of the array
   * @param offset where the matrix starts
   * @param stride its leading dimension
   * @throws IllegalArgumentException if it does not fit
   */
  public static void check(int rows, int columns, long length, int offset, int stride) {
    if (rows < 1
        || columns > stride
        || offset < 0
        || offset + (rows - 1L) * stride + columns > length) {
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
              + length
              + " values");
    }
  }
}
