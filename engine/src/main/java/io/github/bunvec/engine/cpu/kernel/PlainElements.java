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
import static io.github.bunvec.engine.cpu.kernel.Activations.QUICK_A;
import static io.github.bunvec.engine.cpu.kernel.Activations.R0;
import static io.github.bunvec.engine.cpu.kernel.Activations.R1;
import static io.github.bunvec.engine.cpu.kernel.Activations.R2;
import static io.github.bunvec.engine.cpu.kernel.Activations.R3;
import static io.github.bunvec.engine.cpu.kernel.Activations.R4;
import static io.github.bunvec.engine.cpu.kernel.Activations.R5;
import static io.github.bunvec.engine.cpu.kernel.Activations.R6;
import static io.github.bunvec.engine.cpu.kernel.Activations.R7;
import static io.github.bunvec.engine.cpu.kernel.Activations.ROUND;
import static io.github.bunvec.engine.cpu.kernel.Activations.TANH_A;
import static io.github.bunvec.engine.cpu.kernel.Activations.TANH_B;
import static io.github.bunvec.engine.cpu.kernel.VectorWidth.PARTIALS;

import io.github.bunvec.engine.spi.Activation;
import java.util.Arrays;

/**
 * The plain-loop twin of what runs beside the matrix products: {@link Activations}, {@link Softmax}
 * and {@link LayerNormKernel}, value by value with the same bits.
 *
 * <p>Stands in while vectors are not compiled ({@link GemmKernel#compiled}): the GELU of one short
 * text alone is a million vector operations, each an object until then. Loops are short, or have a
 * method for each value: the JVM compiles what is called 200 times, but a loop that is still
 * running only after 60,000 rounds; of GELU a text of 15 tokens took 30 ms in one loop, and 9 so.
 */
final class PlainElements {

  private PlainElements() {}

  /** Twin of {@link Activations#apply}. */
  static void apply(
      Activation activation, int rows, int columns, float[] x, int offset, int stride) {
    switch (activation) {
      case NONE -> {}
      case GELU -> gelu(rows, columns, x, offset, stride);
      case GELU_TANH -> gated(rows, columns, x, offset, stride, TANH_A, TANH_B);
      case QUICK_GELU -> gated(rows, columns, x, offset, stride, QUICK_A, 0);
      case SILU -> gated(rows, columns, x, offset, stride, 1, 0);
      case RELU -> relu(rows, columns, x, offset, stride);
      case TANH -> tanh(rows, columns, x, offset, stride);
      default -> Activations.oneByOne(activation, rows, columns, x, offset, stride);
    }
  }

  private static void gelu(int rows, int columns, float[] x, int offset, int stride) {
    for (int row = 0; row < rows; row++) {
      int begin = offset + row * stride;
      for (int i = begin; i < begin + columns; i++) {
        x[i] = gelu(x[i]);
      }
    }
  }

  private static float gelu(float x) {
    float t = atMost(20f, Math.abs(x));
    float exp = exp(t * t * -0.5f);
    float s = 1 / Math.fma(t, 0.3f, 1f);
    float q = Math.fma(s, R7, R6);
    q = Math.fma(q, s, R5);
    q = Math.fma(q, s, R4);
    q = Math.fma(q, s, R3);
    q = Math.fma(q, s, R2);
    q = Math.fma(q, s, R1);
    q = Math.fma(q, s, R0);
    return positive(x) - t * (exp * s * q);
  }

  private static void gated(
      int rows, int columns, float[] x, int offset, int stride, float a, float b) {
    for (int row = 0; row < rows; row++) {
      int begin = offset + row * stride;
      for (int i = begin; i < begin + columns; i++) {
        x[i] = gated(x[i], a, b);
      }
    }
  }

  private static float gated(float x, float a, float b) {
    float t = atMost(100f, Math.abs(x));
    float exp = exp(Math.fma(t * t, -b, -a) * t);
    return positive(x) - t * exp / (exp + 1);
  }

  private static void tanh(int rows, int columns, float[] x, int offset, int stride) {
    for (int row = 0; row < rows; row++) {
      int begin = offset + row * stride;
      for (int i = begin; i < begin + columns; i++) {
        x[i] = tanh(x[i]);
      }
    }
  }

  private static float tanh(float x) {
    float exp = exp(Math.abs(x) * -2f);
    float y = (1 - exp) / (exp + 1);
    return x < 0 ? -y : y;
  }

  private static void relu(int rows, int columns, float[] x, int offset, int stride) {
    for (int row = 0; row < rows; row++) {
      int begin = offset + row * stride;
      for (int i = begin; i < begin + columns; i++) {
        x[i] = Math.max(x[i], 0f);
      }
    }
  }

  /** Twin of {@link Softmax#exponentiate}. */
  static float softmax(float[] x, int offset, int n, float scale, float[] partial) {
    int end = offset + VectorWidth.roundUp(n);
    Arrays.fill(x, offset + n, end, Float.NEGATIVE_INFINITY);
    float top = x[offset];
    for (int i = offset + 1; i < end; i++) {
      top = x[i] > top ? x[i] : top;
    }
    Arrays.fill(partial, 0f);
    for (int i = offset; i < end; i++) {
      x[i] = exp((x[i] - top) * scale);
      partial[i - offset & PARTIALS - 1] += x[i];
    }
    return 1 / VectorWidth.total(partial);
  }

  /** Twin of {@link LayerNormKernel#addAndNormalize}. */
  static void addAndNormalize(
      int n,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      float[] weight,
      float[] bias,
      float eps,
      float[] partial) {
    add(n, x, xOffset, y, yOffset);
    normalize(n, y, yOffset, weight, bias, eps, partial);
  }

  /** Twin of {@link LayerNormKernel#normalize}. */
  static void normalize(
      int n, float[] y, int yOffset, float[] weight, float[] bias, float eps, float[] partial) {
    float mean = sum(n, y, yOffset, partial) / n;
    float variance = sumOfSquares(n, y, yOffset, mean, partial) / n;
    float scale = (float) (1 / Math.sqrt(variance + (double) eps));
    scale(y, yOffset, mean, scale, weight, bias);
  }

  private static void add(int n, float[] x, int xOffset, float[] y, int yOffset) {
    for (int i = 0; i < n; i += PARTIALS) {
      addPart(Math.min(PARTIALS, n - i), x, xOffset + i, y, yOffset + i);
    }
  }

  private static void addPart(int n, float[] x, int xOffset, float[] y, int yOffset) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] += x[xOffset + i];
    }
  }

  private static float sum(int n, float[] y, int yOffset, float[] partial) {
    Arrays.fill(partial, 0f);
    for (int i = 0; i < n; i += PARTIALS) {
      addPart(Math.min(PARTIALS, n - i), y, yOffset + i, partial, 0);
    }
    return VectorWidth.total(partial);
  }

  private static float sumOfSquares(int n, float[] y, int yOffset, float mean, float[] partial) {
    Arrays.fill(partial, 0f);
    for (int i = 0; i < n; i += PARTIALS) {
      addSquares(Math.min(PARTIALS, n - i), y, yOffset + i, mean, partial);
    }
    return VectorWidth.total(partial);
  }

  private static void addSquares(int n, float[] y, int yOffset, float mean, float[] partial) {
    for (int i = 0; i < n; i++) {
      float d = y[yOffset + i] - mean;
      partial[i] = Math.fma(d, d, partial[i]);
    }
  }

  private static void scale(
      float[] y, int yOffset, float mean, float scale, float[] weight, float[] bias) {
    for (int i = 0; i < weight.length; i++) {
      y[yOffset + i] = scaled(y[yOffset + i] - mean, scale, weight[i], bias[i]);
    }
  }

  private static float scaled(float d, float scale, float weight, float bias) {
    return Math.fma(d * scale, weight, bias);
  }

  // Math.min and Math.max are calls until C2 compiles them, for -0 and NaN; NaN stays here, too.

  private static float atMost(float bound, float x) {
    return x > bound ? bound : x;
  }

  /** Returns 0 for NaN. */
  private static float positive(float x) {
    return x > 0 ? x : 0f;
  }

  /** The exp of {@link Activations}, which is that of {@link Activations#EXP_MIN} below it. */
  private static float exp(float x) {
    float e = x < EXP_MIN ? EXP_MIN : x;
    float n = Math.fma(e, LOG2_E, ROUND);
    float nf = n - ROUND;
    float r = Math.fma(nf, -LN2_HIGH, e);
    r = Math.fma(nf, -LN2_LOW, r);
    float p = Math.fma(r, E6, E5);
    p = Math.fma(p, r, E4);
    p = Math.fma(p, r, E3);
    p = Math.fma(p, r, E2);
    p = Math.fma(p, r * r, r + 1);
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(n) << 23));
  }
}
