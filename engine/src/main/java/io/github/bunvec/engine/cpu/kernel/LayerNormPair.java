package io.github.bunvec.engine.cpu.kernel;

import static io.github.bunvec.engine.cpu.kernel.VectorWidth.FLOATS;
import static io.github.bunvec.engine.cpu.kernel.VectorWidth.LANES;
import static io.github.bunvec.engine.cpu.kernel.VectorWidth.PARTIALS;

import jdk.incubator.vector.FloatVector;

/**
 * {@link LayerNormKernel} of two rows side by side, each with the bits it has alone.
 *
 * <p>A row's sum is a chain of additions that wait for each other; the other row's fill the gaps.
 */
final class LayerNormPair {

  private LayerNormPair() {}

  /**
   * Adds and normalises, in place.
   *
   * @param n width of a row
   * @param x what is added
   * @param x0 where its first row starts
   * @param x1 where its second row starts
   * @param y the residual
   * @param y0 where its first row starts
   * @param y1 where its second row starts
   * @param weight [n rounded up to 16], zeros behind n
   * @param bias [n rounded up to 16], zeros behind n
   * @param eps what is added to the variance
   * @param partial scratch of two times {@link VectorWidth#PARTIALS} values
   */
  static void addAndNormalize(
      int n,
      float[] x,
      int x0,
      int x1,
      float[] y,
      int y0,
      int y1,
      float[] weight,
      float[] bias,
      float eps,
      float[] partial) {
    addAndSum(n, x, x0, x1, y, y0, y1, partial);
    float mean0 = VectorWidth.total(partial, 0) / n;
    float mean1 = VectorWidth.total(partial, PARTIALS) / n;
    sumOfSquares(n, y, y0, y1, mean0, mean1, partial);
    float scale0 = LayerNormKernel.scale(VectorWidth.total(partial, 0) / n, eps);
    float scale1 = LayerNormKernel.scale(VectorWidth.total(partial, PARTIALS) / n, eps);
    for (int i = 0; i < weight.length; i += LANES) {
      FloatVector w = FloatVector.fromArray(FLOATS, weight, i);
      FloatVector b = FloatVector.fromArray(FLOATS, bias, i);
      FloatVector v0 = FloatVector.fromArray(FLOATS, y, y0 + i);
      FloatVector v1 = FloatVector.fromArray(FLOATS, y, y1 + i);
      v0.sub(mean0).mul(scale0).fma(w, b).intoArray(y, y0 + i);
      v1.sub(mean1).mul(scale1).fma(w, b).intoArray(y, y1 + i);
    }
  }

  private static void addAndSum(
      int n, float[] x, int x0, int x1, float[] y, int y0, int y1, float[] partial) {
    int whole = n & -PARTIALS;
    for (int lane = 0; lane < PARTIALS; lane += LANES) {
      FloatVector sum0 = FloatVector.zero(FLOATS);
      FloatVector sum1 = FloatVector.zero(FLOATS);
      for (int i = lane; i < whole; i += PARTIALS) {
        FloatVector v0 =
            FloatVector.fromArray(FLOATS, x, x0 + i).add(FloatVector.fromArray(FLOATS, y, y0 + i));
        FloatVector v1 =
            FloatVector.fromArray(FLOATS, x, x1 + i).add(FloatVector.fromArray(FLOATS, y, y1 + i));
        v0.intoArray(y, y0 + i);
        v1.intoArray(y, y1 + i);
        sum0 = sum0.add(v0);
        sum1 = sum1.add(v1);
      }
      sum0.intoArray(partial, lane);
      sum1.intoArray(partial, PARTIALS + lane);
    }
    for (int i = whole; i < n; i++) {
      y[y0 + i] += x[x0 + i];
      y[y1 + i] += x[x1 + i];
      partial[i - whole] += y[y0 + i];
      partial[PARTIALS + i - whole] += y[y1 + i];
    }
  }

  private static void sumOfSquares(
      int n, float[] y, int y0, int y1, float mean0, float mean1, float[] partial) {
    int whole = n & -PARTIALS;
    for (int lane = 0; lane < PARTIALS; lane += LANES) {
      FloatVector sum0 = FloatVector.zero(FLOATS);
      FloatVector sum1 = FloatVector.zero(FLOATS);
      for (int i = lane; i < whole; i += PARTIALS) {
        FloatVector d0 = FloatVector.fromArray(FLOATS, y, y0 + i).sub(mean0);
        FloatVector d1 = FloatVector.fromArray(FLOATS, y, y1 + i).sub(mean1);
        sum0 = d0.fma(d0, sum0);
        sum1 = d1.fma(d1, sum1);
      }
      sum0.intoArray(partial, lane);
      sum1.intoArray(partial, PARTIALS + lane);
    }
    for (int i = whole; i < n; i++) {
      float d0 = y[y0 + i] - mean0;
      float d1 = y[y1 + i] - mean1;
      int at = i - whole;
      partial[at] = Math.fma(d0, d0, partial[at]);
      partial[PARTIALS + at] = Math.fma(d1, d1, partial[PARTIALS + at]);
    }
  }
}
