package io.github.bunvec.engine.cpu.kernel;

import static io.github.bunvec.engine.cpu.kernel.VectorWidth.FLOATS;
import static io.github.bunvec.engine.cpu.kernel.VectorWidth.LANES;
import static io.github.bunvec.engine.cpu.kernel.VectorWidth.PARTIALS;

import jdk.incubator.vector.FloatVector;

/**
 * Layer normalisation of one row, with or without a residual added before.
 *
 * <p>Mean and variance take two passes over the row, which is in L1; {@code E[x^2] - mean^2} would
 * save one and lose the digits they share.
 */
public final class LayerNormKernel {

  private LayerNormKernel() {}

  /**
   * {@link #addAndNormalize(int, float[], int, float[], int, float[], float[], float, float[])} of
   * some rows; where vectors are not compiled yet, by plain loops.
   *
   * @param kernel tells whether they are
   * @param rows rows
   * @param n width of a row
   * @param x what is added
   * @param xOffset where its first row starts
   * @param xStride its leading dimension
   * @param y the residual
   * @param yOffset where its first row starts
   * @param yStride its leading dimension
   * @param weight [n rounded up to 16], zeros behind n
   * @param bias [n rounded up to 16], zeros behind n
   * @param eps what is added to the variance
   * @param partial scratch of two times {@link VectorWidth#PARTIALS} values
   */
  public static void addAndNormalize(
      GemmKernel kernel,
      int rows,
      int n,
      float[] x,
      int xOffset,
      int xStride,
      float[] y,
      int yOffset,
      int yStride,
      float[] weight,
      float[] bias,
      float eps,
      float[] partial) {
    int row = 0;
    if (kernel.compiled()) {
      for (; row + 1 < rows; row += 2) {
        int x0 = xOffset + row * xStride;
        int y0 = yOffset + row * yStride;
        LayerNormPair.addAndNormalize(
            n, x, x0, x0 + xStride, y, y0, y0 + yStride, weight, bias, eps, partial);
      }
    }
    for (; row < rows; row++) {
      int xRow = xOffset + row * xStride;
      int yRow = yOffset + row * yStride;
      if (kernel.compiled()) {
        addAndNormalize(n, x, xRow, y, yRow, weight, bias, eps, partial);
      } else {
        PlainElements.addAndNormalize(n, x, xRow, y, yRow, weight, bias, eps, partial);
      }
    }
  }

  /**
   * {@code y = (y + x - mean) / sqrt(variance + eps) * weight + bias}, in place.
   *
   * <p>Rows are read and written up to the next multiple of 16; the values behind n become 0.
   *
   * @param n width of the row
   * @param x what is added
   * @param xOffset where its row starts
   * @param y the residual
   * @param yOffset where its row starts
   * @param weight [n rounded up to 16], zeros behind n
   * @param bias [n rounded up to 16], zeros behind n
   * @param eps what is added to the variance
   * @param partial scratch of {@link VectorWidth#PARTIALS} values
   */
  public static void addAndNormalize(
      int n,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      float[] weight,
      float[] bias,
      float eps,
      float[] partial) {
    float mean = addAndSum(n, x, xOffset, y, yOffset, partial) / n;
    normalize(n, y, yOffset, mean, weight, bias, eps, partial);
  }

  /**
   * {@code y = (y - mean) / sqrt(variance + eps) * weight + bias}, in place.
   *
   * <p>Rows are read and written up to the next multiple of 16; the values behind n become 0.
   *
   * @param n width of the row
   * @param y the values
   * @param yOffset where the row starts
   * @param weight [n rounded up to 16], zeros behind n
   * @param bias [n rounded up to 16], zeros behind n
   * @param eps what is added to the variance
   * @param partial scratch of {@link VectorWidth#PARTIALS} values
   */
  public static void normalize(
      int n, float[] y, int yOffset, float[] weight, float[] bias, float eps, float[] partial) {
    normalize(n, y, yOffset, sum(n, y, yOffset, partial) / n, weight, bias, eps, partial);
  }

  private static void normalize(
      int n,
      float[] y,
      int yOffset,
      float mean,
      float[] weight,
      float[] bias,
      float eps,
      float[] partial) {
    float variance = sumOfSquares(n, y, yOffset, mean, partial) / n;
    float scale = scale(variance, eps);
    for (int i = 0; i < weight.length; i += LANES) {
      FloatVector.fromArray(FLOATS, y, yOffset + i)
          .sub(mean)
          .mul(scale)
          .fma(FloatVector.fromArray(FLOATS, weight, i), FloatVector.fromArray(FLOATS, bias, i))
          .intoArray(y, yOffset + i);
    }
  }

  /** {@code 1 / sqrt(variance + eps)}. */
  static float scale(float variance, float eps) {
    return (float) (1 / Math.sqrt(variance + (double) eps));
  }

  private static float sum(int n, float[] y, int yOffset, float[] partial) {
    int whole = n & -PARTIALS;
    RowSums.sum(y, yOffset, whole, partial);
    for (int i = whole; i < n; i++) {
      partial[i - whole] += y[yOffset + i];
    }
    return VectorWidth.total(partial);
  }

  private static float addAndSum(
      int n, float[] x, int xOffset, float[] y, int yOffset, float[] partial) {
    int whole = n & -PARTIALS;
    RowSums.addAndSum(x, xOffset, y, yOffset, whole, partial);
    for (int i = whole; i < n; i++) {
      y[yOffset + i] += x[xOffset + i];
      partial[i - whole] += y[yOffset + i];
    }
    return VectorWidth.total(partial);
  }

  private static float sumOfSquares(int n, float[] y, int yOffset, float mean, float[] partial) {
    int whole = n & -PARTIALS;
    RowSums.squares(y, yOffset, whole, mean, partial);
    for (int i = whole; i < n; i++) {
      float d = y[yOffset + i] - mean;
      partial[i - whole] = Math.fma(d, d, partial[i - whole]);
    }
    return VectorWidth.total(partial);
  }
}
