package io.github.bunvec.bench.peers;

import io.github.bunvec.bench.RandomValues;
import java.util.ArrayList;
import java.util.List;

/**
 * Linear layers of one shape, one after the other over the same rows: as many as BERT-base has, so
 * that their weights are in the same cache as a model's; fewer where many rows make that no matter.
 *
 * @param m rows
 * @param n outputs
 * @param k inputs
 * @param rows A, each row of mean 0 and variance 1; [m, k]
 * @param weights W of each layer; [n, k]
 * @param bias the same for all; [n]
 */
record GemmWork(int m, int n, int k, float[] rows, List<float[]> weights, float[] bias) {

  private static final int LAYERS = 12;
  private static final int FEWEST = 4;
  private static final int MANY_ROWS = 512;

  /** Makes work of a shape, always the same. */
  static GemmWork of(int m, int n, int k) {
    List<float[]> weights = new ArrayList<>();
    for (int i = 0; i < Math.clamp(MANY_ROWS / m, FEWEST, LAYERS); i++) {
      weights.add(RandomValues.of("weights " + i, n * k, 0.02f));
    }
    float[] bias = RandomValues.of("bias", n, 0.1f);
    return new GemmWork(
        m, n, k, standardised(RandomValues.of("rows", m * k, 1f), k), weights, bias);
  }

  /** Returns the floating-point operations of all layers. */
  double flops() {
    return 2.0 * m * n * k * weights.size();
  }

  /** Returns the mean of a result's rows; c is [m, n]. */
  float[] mean(float[] c) {
    double[] sums = new double[n];
    for (int i = 0; i < m * n; i++) {
      sums[i % n] += c[i];
    }
    float[] mean = new float[n];
    for (int j = 0; j < n; j++) {
      mean[j] = (float) (sums[j] / m);
    }
    return mean;
  }

  private static float[] standardised(float[] rows, int k) {
    for (int from = 0; from < rows.length; from += k) {
      double sum = 0;
      double squares = 0;
      for (int i = from; i < from + k; i++) {
        sum += rows[i];
        squares += (double) rows[i] * rows[i];
      }
      double mean = sum / k;
      double deviation = Math.sqrt(squares / k - mean * mean);
      for (int i = from; i < from + k; i++) {
        rows[i] = (float) ((rows[i] - mean) / deviation);
      }
    }
    return rows;
  }
}
