package io.github.bunvec.engine.cpu;

import io.github.bunvec.loader.PoolingMode;
import java.util.Arrays;

/**
 * One vector of the rows of one sequence.
 *
 * <p>Sums are kept in double: they cost nothing beside the encoder, and in float those of a long
 * text lose digits that the whole encoder before had kept.
 */
final class Pooling {

  private Pooling() {}

  /** Writes the vector of one mode to {@code out[outOffset .. outOffset + width]}. */
  static void pool(
      PoolingMode mode,
      int rows,
      int width,
      float[] x,
      int offset,
      int stride,
      float[] out,
      int outOffset,
      double[] sums) {
    switch (mode) {
      case CLS -> System.arraycopy(x, offset, out, outOffset, width);
      case LAST_TOKEN -> System.arraycopy(x, offset + (rows - 1) * stride, out, outOffset, width);
      case MAX -> {
        System.arraycopy(x, offset, out, outOffset, width);
        for (int row = 1; row < rows; row++) {
          int from = offset + row * stride;
          for (int i = 0; i < width; i++) {
            out[outOffset + i] = Math.max(out[outOffset + i], x[from + i]);
          }
        }
      }
      case MEAN -> weighted(rows, width, x, offset, stride, out, outOffset, sums, false, rows);
      case MEAN_SQRT_LEN ->
          weighted(rows, width, x, offset, stride, out, outOffset, sums, false, Math.sqrt(rows));
      case WEIGHTED_MEAN ->
          weighted(
              rows, width, x, offset, stride, out, outOffset, sums, true, rows * (rows + 1.0) / 2);
    }
  }

  /** Sums the rows, the r-th times r + 1 if {@code ascending}, and divides. */
  private static void weighted(
      int rows,
      int width,
      float[] x,
      int offset,
      int stride,
      float[] out,
      int outOffset,
      double[] sums,
      boolean ascending,
      double divisor) {
    Arrays.fill(sums, 0, width, 0);
    for (int row = 0; row < rows; row++) {
      int from = offset + row * stride;
      double weight = ascending ? row + 1 : 1;
      for (int i = 0; i < width; i++) {
        sums[i] += weight * x[from + i];
      }
    }
    for (int i = 0; i < width; i++) {
      out[outOffset + i] = (float) (sums[i] / divisor);
    }
  }

  /** Divides a vector by its L2 norm, or by 1e-12 where that is greater. */
  static void normalize(float[] x) {
    double squares = 0;
    for (float value : x) {
      squares += (double) value * value;
    }
    double norm = Math.max(Math.sqrt(squares), 1e-12);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (x[i] / norm);
    }
  }
}
