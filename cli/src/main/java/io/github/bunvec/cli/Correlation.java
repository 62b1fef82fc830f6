package io.github.bunvec.cli;

import java.util.Arrays;
import java.util.Comparator;

/** Coefficients of correlation of two lists of finite numbers; NaN where they are not defined. */
final class Correlation {

  private Correlation() {}

  /** Pearson's coefficient, by sums of deviations from the means. */
  static double pearson(double[] x, double[] y) {
    double meanX = Arrays.stream(x).average().orElse(Double.NaN);
    double meanY = Arrays.stream(y).average().orElse(Double.NaN);
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      double dx = x[i] - meanX;
      double dy = y[i] - meanY;
      xy += dx * dy;
      xx += dx * dx;
      yy += dy * dy;
    }
    // A list of equal numbers may have deviations all the same: the mean is rounded.
    boolean constant = isConstant(x) || isConstant(y);
    return constant ? Double.NaN : Math.clamp(xy / (Math.sqrt(xx) * Math.sqrt(yy)), -1, 1);
  }

  /** Spearman's coefficient: Pearson's of the ranks. */
  static double spearman(double[] x, double[] y) {
    return pearson(ranks(x), ranks(y));
  }

  /** Ranks from 1; equal numbers share the mean of the ranks they take up. */
  static double[] ranks(double[] values) {
    Integer[] order = new Integer[values.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> values[i] + 0.0));
    double[] ranks = new double[values.length];
    for (int start = 0; start < order.length; ) {
      int end = start + 1;
      while (end < order.length && values[order[end]] == values[order[start]]) {
        end++;
      }
      for (int i = start; i < end; i++) {
        ranks[order[i]] = (start + 1 + end) / 2.0;
      }
      start = end;
    }
    return ranks;
  }

  private static boolean isConstant(double[] values) {
    return Arrays.stream(values).allMatch(v -> v == values[0]);
  }
}
