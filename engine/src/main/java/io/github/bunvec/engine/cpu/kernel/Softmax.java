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

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The numerators of a softmax and the reciprocal of their sum. */
final class Softmax {

  private Softmax() {}

  /** As below, or, where vectors are not compiled yet, by plain loops. */
  static float exponentiate(
      GemmKernel kernel, float[] x, int offset, int n, float scale, float[] partial) {
    return kernel.compiled()
        ? exponentiate(x, offset, n, scale, partial)
        : PlainElements.softmax(x, offset, n, scale, partial);
  }

  /**
   * {@code x[i] = exp(scale (x[i] - max x))}, in place, for one row of n values.
   *
   * <p>The row is worked on up to the next multiple of 16; values behind n are overwritten and
   * count as minus infinity. The caller divides by the sum where there is less to divide, in the
   * attention's output.
   *
   * @return 1 / the sum of the row
   */
  static float exponentiate(float[] x, int offset, int n, float scale, float[] partial) {
    int end = offset + VectorWidth.roundUp(n);
    Arrays.fill(x, offset + n, end, Float.NEGATIVE_INFINITY);
    FloatVector max = FloatVector.fromArray(FLOATS, x, offset);
    for (int i = offset + LANES; i < end; i += LANES) {
      max = max.max(FloatVector.fromArray(FLOATS, x, i));
    }
    float top = max.reduceLanes(VectorOperators.MAX);
    exponentiate(x, offset, end, scale, top);
    RowSums.sum(x, offset, end - offset, partial);
    return 1 / VectorWidth.total(partial);
  }

  private static void exponentiate(float[] x, int offset, int end, float scale, float top) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    for (int i = offset; i < end; i += LANES) {
      FloatVector e = FloatVector.fromArray(FLOATS, x, i).sub(top).mul(scale).max(EXP_MIN);
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
      exp.intoArray(x, i);
    }
  }
}
