package io.github.bunvec.bench.peers;

import java.util.Arrays;

/** Medians and quartiles of a few values. */
public final class Statistics {

  private Statistics() {}

  /**
   * The middle half of some values.
   *
   * @param low the first quartile
   * @param median the second
   * @param high the third
   */
  public record Quartiles(double low, double median, double high) {}

  /**
   * Returns the quartiles.
   *
   * @param values at least one
   * @return them
   */
  public static Quartiles quartiles(double[] values) {
    return new Quartiles(quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75));
  }

  /**
   * Returns the median.
   *
   * @param values at least one
   * @return it
   */
  public static double median(double[] values) {
    return quantile(values, 0.5);
  }

  /** Returns the value a share of the others lies below, interpolated between neighbours. */
  static double quantile(double[] values, double share) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /**
   * Divides value by value.
   *
   * @param numerators values
   * @param denominators as many
   * @return the ratios
   */
  public static double[] ratios(double[] numerators, double[] denominators) {
    double[] ratios = new double[numerators.length];
    Arrays.setAll(ratios, i -> numerators[i] / denominators[i]);
    return ratios;
  }
}
