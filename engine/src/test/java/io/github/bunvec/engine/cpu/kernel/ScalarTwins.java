package io.github.bunvec.engine.cpu.kernel;

/**
 * The kernels' formulas in scalar float arithmetic, in the order their contracts fix.
 *
 * <p>Equality by bits on every vector width is what makes a vector independent of the machine.
 */
final class ScalarTwins {

  private static final float[] TAIL = {
    Activations.R7, Activations.R6, Activations.R5, Activations.R4,
    Activations.R3, Activations.R2, Activations.R1, Activations.R0
  };

  private ScalarTwins() {}

  static float exp(float x) {
    float e = Math.max(x, -87f);
    float n = Math.fma(e, Activations.LOG2_E, Activations.ROUND);
    float nf = n - Activations.ROUND;
    float r = Math.fma(nf, -Activations.LN2_HIGH, e);
    r = Math.fma(nf, -Activations.LN2_LOW, r);
    float p = Math.fma(r, Activations.E6, Activations.E5);
    p = Math.fma(p, r, Activations.E4);
    p = Math.fma(p, r, Activations.E3);
    p = Math.fma(p, r, Activations.E2);
    p = Math.fma(p, r * r, r + 1f);
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(n) << 23));
  }

  static float gelu(float x) {
    float t = Math.min(Math.abs(x), 20f);
    float s = 1f / Math.fma(t, 0.3f, 1f);
    float q = 0f;
    for (float coefficient : TAIL) {
      q = Math.fma(q, s, coefficient);
    }
    return Math.max(x, 0f) - t * (exp(t * t * -0.5f) * s * q);
  }

  /** Sum of n values in sixteen partial sums and a balanced tree. */
  static float sum(int n, java.util.function.IntToDoubleFunction value) {
    float[] partial = new float[16];
    for (int i = 0; i < n; i++) {
      partial[i % 16] += (float) value.applyAsDouble(i);
    }
    return VectorWidth.total(partial);
  }

  static void addAndNormalize(
      int n, float[] x, float[] y, float[] weight, float[] bias, float eps) {
    for (int i = 0; i < n; i++) {
      y[i] += x[i];
    }
    float mean = sum(n, i -> y[i]) / n;
    float[] partial = new float[16];
    for (int i = 0; i < n; i++) {
      float d = y[i] - mean;
      partial[i % 16] = Math.fma(d, d, partial[i % 16]);
    }
    float variance = VectorWidth.total(partial) / n;
    float scale = (float) (1 / Math.sqrt(variance + (double) eps));
    for (int i = 0; i < n; i++) {
      y[i] = Math.fma((y[i] - mean) * scale, weight[i], bias[i]);
    }
  }
}
