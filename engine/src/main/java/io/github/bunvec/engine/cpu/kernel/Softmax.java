package io.github.bunvec.engine.cpu.kernel;

import static io.github.bunvec.engine.cpu.kernel.Activations.E2;
import static io.github.bunvec.engine.cpu.kernel.Activations.E3;
import static io.github.bunvec.engine.cpu.kernel.Activations.E4;
import static io.github.bunvec.engine.cpu.kernel.Activations.E5;
import static io.github.bunvec.engine.cpu.kernel.Activations.E6;
import static io.github.bunvec.engine.cpu.kernel.Activations.EXP_MIN;
import static io.github.bunvec.engine.cpu.kernel.Activations.LN2_HIGH;
import static io.github.bunvec.engine.cpu.kernel.Activations.LN2_LOW;
import static io.github.bunvec.engine.cpu.kernel.Activations.LOG2_E;
import static io.github.bunvec.engine.cpu.kernel.Activations.ROUND;
import static io.github.bunvec.engine.cpu.kernel.VectorWidth.FLOATS;
import static io.github.bunvec.engine.cpu.kernel.VectorWidth.LANES;
import static io.github.bunvec.engine.cpu.kernel.VectorWidth.PARTIALS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The numerators of a softmax along each column of a matrix, and the reciprocals of their sums.
 *
 * <p>Each lane has a column of its own: no vector is reduced, and a short column costs no more per
 * value than a long one. Greater and less are compared and blended, two instructions; {@code max}
 * is seven, as it orders zeros and keeps NaN. Neither is needed: both zeros give the same exp, and
 * a column with a NaN has a NaN for its sum in any case.
 */
final class Softmax {

  private Softmax() {}

  /**
   * {@code x[i] = exp(scale (x[i] - max x))} along columns, in place.
   *
   * <p>Columns are worked on up to the next whole vector. The caller divides by the sum where there
   * is less to divide, in the attention's output.
   *
   * @param n rows; x has a multiple of 16, those behind n are set to 0
   * @param columns how many columns
   * @param x the matrix
   * @param stride its leading dimension
   * @param scale a factor of every value
   * @param inverse receives 1 / the sum of each column; two rows of {@code stride} values
   */
  static void exponentiate(
      int n, int columns, float[] x, int stride, float scale, float[] inverse) {
    int padded = VectorWidth.roundUp(n);
    for (int column = 0; column < columns; column += LANES) {
      maximum(n, x, column, stride, inverse);
      exponentials(n, x, column, stride, scale, inverse);
    }
    Arrays.fill(x, n * stride, padded * stride, 0f);
    for (int column = 0; column < columns; column += LANES) {
      halfSum(padded, x, column, 0, stride, inverse, column);
      halfSum(padded, x, column, stride, stride, inverse, stride + column);
      FloatVector.broadcast(FLOATS, 1f)
          .div(
              FloatVector.fromArray(FLOATS, inverse, column)
                  .add(FloatVector.fromArray(FLOATS, inverse, stride + column)))
          .intoArray(inverse, column);
    }
  }

  /** Four rows at a time, so that a comparison need not wait for the last one. */
  private static void maximum(int n, float[] x, int column, int stride, float[] max) {
    FloatVector m0 = FloatVector.fromArray(FLOATS, x, column);
    FloatVector m1 = m0;
    FloatVector m2 = m0;
    FloatVector m3 = m0;
    int i = 0;
    for (; i + 3 < n; i += 4) {
      FloatVector x0 = FloatVector.fromArray(FLOATS, x, column + i * stride);
      m0 = m0.blend(x0, x0.compare(VectorOperators.GT, m0));
      FloatVector x1 = FloatVector.fromArray(FLOATS, x, column + (i + 1) * stride);
      m1 = m1.blend(x1, x1.compare(VectorOperators.GT, m1));
      FloatVector x2 = FloatVector.fromArray(FLOATS, x, column + (i + 2) * stride);
      m2 = m2.blend(x2, x2.compare(VectorOperators.GT, m2));
      FloatVector x3 = FloatVector.fromArray(FLOATS, x, column + (i + 3) * stride);
      m3 = m3.blend(x3, x3.compare(VectorOperators.GT, m3));
    }
    for (; i < n; i++) {
      FloatVector x0 = FloatVector.fromArray(FLOATS, x, column + i * stride);
      m0 = m0.blend(x0, x0.compare(VectorOperators.GT, m0));
    }
    m0 = m0.blend(m1, m1.compare(VectorOperators.GT, m0));
    m2 = m2.blend(m3, m3.compare(VectorOperators.GT, m2));
    m0.blend(m2, m2.compare(VectorOperators.GT, m0)).intoArray(max, column);
  }

  private static void exponentials(
      int rows, float[] x, int column, int stride, float scale, float[] max) {
    FloatVector top = FloatVector.fromArray(FLOATS, max, column);
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    FloatVector least = FloatVector.broadcast(FLOATS, EXP_MIN);
    for (int i = 0; i < rows; i++) {
      FloatVector e = FloatVector.fromArray(FLOATS, x, column + i * stride).sub(top).mul(scale);
      e = e.blend(least, e.compare(VectorOperators.LT, least));
      FloatVector n =
          e.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUND));
      FloatVector nf = n.sub(ROUND);
      FloatVector r = nf.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), e);
      r = nf.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), r);
      FloatVector p = r.fma(FloatVector.broadcast(FLOATS, E6), FloatVector.broadcast(FLOATS, E5));
      p = p.fma(r, FloatVector.broadcast(FLOATS, E4));
      p = p.fma(r, FloatVector.broadcast(FLOATS, E3));
      p = p.fma(r, FloatVector.broadcast(FLOATS, E2));
      p = p.fma(r.mul(r), r.add(one));
      FloatVector exp =
          p.reinterpretAsInts()
              .add(n.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
              .reinterpretAsFloats();
      exp.intoArray(x, column + i * stride);
    }
  }

  /**
   * Every second of the sixteen partial sums of a column, added as {@link VectorWidth#total} does.
   */
  private static void halfSum(
      int n, float[] x, int column, int first, int stride, float[] sums, int to) {
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s2 = FloatVector.zero(FLOATS);
    FloatVector s4 = FloatVector.zero(FLOATS);
    FloatVector s6 = FloatVector.zero(FLOATS);
    FloatVector s8 = FloatVector.zero(FLOATS);
    FloatVector s10 = FloatVector.zero(FLOATS);
    FloatVector s12 = FloatVector.zero(FLOATS);
    FloatVector s14 = FloatVector.zero(FLOATS);
    for (int i = 0; i < n; i += PARTIALS) {
      int at = column + first + i * stride;
      s0 = s0.add(FloatVector.fromArray(FLOATS, x, at));
      s2 = s2.add(FloatVector.fromArray(FLOATS, x, at + 2 * stride));
      s4 = s4.add(FloatVector.fromArray(FLOATS, x, at + 4 * stride));
      s6 = s6.add(FloatVector.fromArray(FLOATS, x, at + 6 * stride));
      s8 = s8.add(FloatVector.fromArray(FLOATS, x, at + 8 * stride));
      s10 = s10.add(FloatVector.fromArray(FLOATS, x, at + 10 * stride));
      s12 = s12.add(FloatVector.fromArray(FLOATS, x, at + 12 * stride));
      s14 = s14.add(FloatVector.fromArray(FLOATS, x, at + 14 * stride));
    }
    FloatVector a = s0.add(s8).add(s4.add(s12));
    FloatVector c = s2.add(s10).add(s6.add(s14));
    a.add(c).intoArray(sums, to);
  }
}
