package io.github.bunvec.engine.cpu.kernel;

import static io.github.bunvec.engine.cpu.kernel.VectorWidth.FLOATS;
import static io.github.bunvec.engine.cpu.kernel.VectorWidth.LANES;

import io.github.bunvec.engine.spi.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Activations over a matrix, in place; absolute error at most 1e-6 on every finite float.
 *
 * <p>All rest on one exp: {@code exp(x) = 2^n (1 + r + r^2 P(r))}, {@code n = round(x / ln 2)}, P
 * of degree 4 fitted for relative error 4e-9 (tools/kernels/polynomials.py). It is written out in
 * each method, because a method that takes or returns vectors risks boxing them, and by explicit
 * FMA, so that every machine gives the same bits; the JDK's own exp differs between them.
 *
 * <p>No {@code min} and {@code max} of floats: NaN and -0 make each six instructions. One compare
 * and a blend keep NaN, too, and floats above 0 are in the order of their bits, of which the
 * integer forms take one instruction.
 */
public final class Activations {

  /** Below this exp is treated as exp(-87), 1.6e-38: the last whose power of two is normal. */
  static final float EXP_MIN = -87f;

  static final float LOG2_E = 0x1.715476p+0f;

  /** ln 2 in two parts: the upper has trailing zeros, so that n times it is exact. */
  static final float LN2_HIGH = 0x1.62e4p-1f;

  static final float LN2_LOW = (float) (0.6931471805599453 - LN2_HIGH);

  /** Adding 1.5 * 2^23 leaves the rounded integer in the low bits of the float. */
  static final float ROUND = 0x1.8p23f;

  static final float E2 = 0.49999988f;
  static final float E3 = 0.16666518f;
  static final float E4 = 0.041669533f;
  static final float E5 = 0.008368923f;
  static final float E6 = 0.0013751382f;

  /** {@code -2 EXP_MIN}, as an int. */
  private static final int SQUARE_MAX = Float.floatToRawIntBits(-2 * EXP_MIN);

  // R of the normal distribution's tail, see gelu.
  static final float R0 = 0.119623266f;
  static final float R1 = 0.12084553f;
  static final float R2 = 0.09934715f;
  static final float R3 = 0.13041635f;
  static final float R4 = -0.05716715f;
  static final float R5 = 0.21011813f;
  static final float R6 = -0.15937814f;
  static final float R7 = 0.036194813f;

  // Of gated: (1 + tanh u) / 2 is sigmoid(2 u).
  static final float TANH_A = (float) (2 * Math.sqrt(2 / Math.PI));
  static final float TANH_B = 0.044715f * TANH_A;
  static final float QUICK_A = 1.702f;

  private Activations() {}

  /**
   * Applies an activation by vectors, or, where those are not compiled yet, by plain loops.
   *
   * @param kernel what the backend computes with
   * @param activation which one
   * @param rows rows
   * @param columns values of a row, a multiple of the vector length
   * @param x the matrix
   * @param offset where it starts
   * @param stride its leading dimension
   */
  public static void apply(
      GemmKernel kernel,
      Activation activation,
      int rows,
      int columns,
      float[] x,
      int offset,
      int stride) {
    if (kernel.compiled()) {
      apply(activation, rows, columns, x, offset, stride);
    } else {
      PlainElements.apply(activation, rows, columns, x, offset, stride);
    }
  }

  /** Applies an activation to rows of {@code columns} values, a multiple of the vector length. */
  static void apply(
      Activation activation, int rows, int columns, float[] x, int offset, int stride) {
    assert columns % LANES == 0;
    switch (activation) {
      case NONE -> {}
      case GELU -> gelu(rows, columns, x, offset, stride);
      case GELU_TANH -> {
        gated(rows, columns, x, offset, stride, TANH_A, TANH_B);
      }
      case QUICK_GELU -> gated(rows, columns, x, offset, stride, QUICK_A, 0);
      case SILU -> gated(rows, columns, x, offset, stride, 1, 0);
      case RELU -> relu(rows, columns, x, offset, stride);
      case TANH -> tanh(rows, columns, x, offset, stride);
      default -> oneByOne(activation, rows, columns, x, offset, stride);
    }
  }

  /** Those only a Dense module may have: some hundred values a text, not worth a polynomial. */
  static void oneByOne(
      Activation activation, int rows, int columns, float[] x, int offset, int stride) {
    for (int row = 0; row < rows; row++) {
      int begin = offset + row * stride;
      for (int i = begin; i < begin + columns; i++) {
        x[i] = (float) activation.at(x[i]);
      }
    }
  }

  /**
   * {@code x (1 + erf(x / sqrt 2)) / 2 = max(x, 0) - t Q(t)} with {@code t = |x|} and Q the upper
   * tail of the normal distribution, {@code Q(t) = exp(-t^2 / 2) s R(s)}, {@code s = 1 / (1 + 0.3
   * t)}: the form of Abramowitz and Stegun 7.1.26 with R of degree 7, fitted for relative error
   * 1.2e-7 on 0 .. 13 (tools/kernels/polynomials.py).
   */
  private static void gelu(int rows, int columns, float[] x, int offset, int stride) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    for (int row = 0; row < rows; row++) {
      int begin = offset + row * stride;
      for (int i = begin; i < begin + columns; i += LANES) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, i);
        // Beyond 20 the tail is 0 and an infinite t would make 0 * infinity of it.
        FloatVector t = v.abs();
        t = t.blend(20f, t.compare(VectorOperators.GT, 20f));
        FloatVector e =
            t.mul(t).reinterpretAsInts().min(SQUARE_MAX).reinterpretAsFloats().mul(-0.5f);
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
        FloatVector s = one.div(t.fma(FloatVector.broadcast(FLOATS, 0.3f), one));
        FloatVector q = s.fma(FloatVector.broadcast(FLOATS, R7), FloatVector.broadcast(FLOATS, R6));
        q = q.fma(s, FloatVector.broadcast(FLOATS, R5));
        q = q.fma(s, FloatVector.broadcast(FLOATS, R4));
        q = q.fma(s, FloatVector.broadcast(FLOATS, R3));
        q = q.fma(s, FloatVector.broadcast(FLOATS, R2));
        q = q.fma(s, FloatVector.broadcast(FLOATS, R1));
        q = q.fma(s, FloatVector.broadcast(FLOATS, R0));
        v.reinterpretAsInts()
            .max(0)
            .reinterpretAsFloats()
            .sub(t.mul(exp.mul(s).mul(q)))
            .intoArray(x, i);
      }
    }
  }

  /**
   * {@code x sigmoid(x (a + b x^2)) = max(x, 0) - t e / (1 + e)} with {@code t = |x|} and {@code e
   * = exp(-t (a + b t^2))}: for positive x only the small part is rounded twice. Beyond 100 that
   * part is 0, and an infinite t would spoil it.
   */
  private static void gated(
      int rows, int columns, float[] x, int offset, int stride, float a, float b) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    for (int row = 0; row < rows; row++) {
      int begin = offset + row * stride;
      for (int i = begin; i < begin + columns; i += LANES) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, i);
        FloatVector t = v.abs();
        t = t.blend(100f, t.compare(VectorOperators.GT, 100f));
        FloatVector e =
            t.mul(t)
                .fma(FloatVector.broadcast(FLOATS, -b), FloatVector.broadcast(FLOATS, -a))
                .mul(t);
        e = e.blend(EXP_MIN, e.compare(VectorOperators.LT, EXP_MIN));
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
        v.reinterpretAsInts()
            .max(0)
            .reinterpretAsFloats()
            .sub(t.mul(exp).div(exp.add(one)))
            .intoArray(x, i);
      }
    }
  }

  /** {@code sign(x) (1 - e) / (1 + e)} with {@code e = exp(-2 |x|)}. */
  private static void tanh(int rows, int columns, float[] x, int offset, int stride) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1f);
    for (int row = 0; row < rows; row++) {
      int begin = offset + row * stride;
      for (int i = begin; i < begin + columns; i += LANES) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, i);
        FloatVector e = v.abs().mul(-2f);
        e = e.blend(EXP_MIN, e.compare(VectorOperators.LT, EXP_MIN));
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
        FloatVector y = one.sub(exp).div(exp.add(one));
        y.blend(y.neg(), v.lt(0f)).intoArray(x, i);
      }
    }
  }

  private static void relu(int rows, int columns, float[] x, int offset, int stride) {
    for (int row = 0; row < rows; row++) {
      int begin = offset + row * stride;
      for (int i = begin; i < begin + columns; i += LANES) {
        FloatVector.fromArray(FLOATS, x, i).max(0f).intoArray(x, i);
      }
    }
  }
}
