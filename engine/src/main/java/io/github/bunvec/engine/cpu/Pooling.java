package io.github.bunvec.engine.cpu;

import io.github.bunvec.loader.PoolingMode;
import java.util.Arrays;

/**
 * One vector of the rows of one sequence, of which the first {@code skipped} take no part.
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
      int skipped,
      int width,
      float[] x,
      int offset,
      int stride,
      float[] out,
      int outOffset,
      double[] sums) {
    int count = rows - skipped;
    switch (mode) {
      case CLS -> System.arraycopy(x, offset, out, outOffset, width);
      case LAST_TOKEN -> {
        if (count == 0) {
          Arrays.fill(out, outOffset, outOffset + width, 0f);
        } else {
          System.arraycopy(x, offset + (rows - 1) * stride, out, outOffset, width);
        }
      }
      case MAX -> max(rows, skipped, width, x, offset, stride, out, outOffset);
      default -> {
        double divisor =
            switch (mode) {
              case MEAN -> count;
              case MEAN_SQRT_LEN -> Math.sqrt(count);
              default -> rows * (rows + 1.0) / 2 - skipped * (skipped + 1.0) / 2;
            };
        boolean ascending = mode == PoolingMode.WEIGHTED_MEAN;
        sum(rows, skipped, width, x, offset, stride, sums, ascending);
        // Where nothing is left the sums are 0, and so is the vector.
        double positive = count == 0 ? 1 : divisor;
        for (int i = 0; i < width; i++) {
          out[outOffset + i] = (float) (sums[i] / positive);
        }
      }
    }
  }

  private static void max(
      int rows,
      int skipped,
      int width,
      float[] x,
      int offset,
      int stride,
      float[] out,
      int outOffset) {
    if (skipped == 0) {
      System.arraycopy(x, offset, out, outOffset, width);
    } else {
      Arrays.fill(out, outOffset, outOffset + width, -1e9f);
    }
    for (int row = Math.max(skipped, 1); row < rows; row++) {
      int from = offset + row * stride;
      for (int i = 0; i < width; i++) {
        out[outOffset + i] = Math.max(out[outOffset + i], x[from + i]);
      }
    }
  }

  /** Sums the rows, the r-th times r + 1 if {@code ascending}. */
  private static void sum(
      int rows,
      int skipped,
      int width,
      float[] x,
      int offset,
      int stride,
      double[] sums,
      boolean ascending) {
    Arrays.fill(sums, 0, width, 0);
    for (int row = skipped; row < rows; row++) {
      int from = offset + row * stride;
      double weight = ascending ? row + 1 : 1;
      for (int i = 0; i < width; i++) {
        sums[i] += weight * x[from + i];
      }
    }
  }

  /** Divides a vector by its L2 norm, or by 1e-12 where that is greater. */
  static void normalize(float[] x, int offset, int width) {
    double squares = 0;
    for (int i = offset; i < offset + width; i++) {
      squares += (double) x[i] * x[i];
    }
    double norm = Math.max(Math.sqrt(squares), 1e-12);
    for (int i = offset; i < offset + width; i++) {
      x[i] = (float) (x[i] / norm);
    }
  }
}
