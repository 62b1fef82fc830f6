package io.github.bunvec.engine.spi;

/**
 * What follows a linear layer, element by element.
 *
 * <p>Names and formulas are those of the {@code hidden_act} entry of a Hugging Face configuration.
 */
public enum Activation {
  /** Nothing. */
  NONE,
  /** {@code x * (1 + erf(x / sqrt 2)) / 2}, exact. */
  GELU,
  /** {@code x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2}. */
  GELU_TANH,
  /** {@code x * sigmoid(1.702 x)}. */
  QUICK_GELU,
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code x * sigmoid(x)}. */
  SILU,
  /** {@code tanh(x)}. */
  TANH;

  /**
   * Returns the value at one point, in double precision: the definition the kernels are tested
   * against.
   *
   * @param x the argument
   * @return the value
   */
  public double at(double x) {
    return switch (this) {
      case NONE -> x;
      case GELU -> x * 0.5 * erfc(-x * Math.sqrt(0.5));
      case GELU_TANH ->
          0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case QUICK_GELU -> x / (1 + Math.exp(-1.702 * x));
      case RELU -> Math.max(x, 0);
      case SILU -> x / (1 + Math.exp(-x));
      case TANH -> Math.tanh(x);
    };
  }

  /**
   * The complementary error function, relative error below 1e-14.
   *
   * <p>The Java library has none. Near zero the Maclaurin series of erf (Abramowitz and Stegun
   * 7.1.6, whose terms are all of one sign); further out the continued fraction of erfc (7.1.14),
   * evaluated from its tail.
   */
  private static double erfc(double z) {
    double t = Math.abs(z);
    double tail;
    if (t < 2) {
      double term = t;
      double sum = t;
      for (int n = 1; term > sum * 1e-17; n++) {
        term *= 2 * t * t / (2 * n + 1);
        sum += term;
      }
      tail = 1 - 2 / Math.sqrt(Math.PI) * Math.exp(-t * t) * sum;
    } else {
      double fraction = t;
      for (int n = 120; n >= 1; n--) {
        fraction = t + n * 0.5 / fraction;
      }
      tail = Math.exp(-t * t) / (Math.sqrt(Math.PI) * fraction);
    }
    return z < 0 ? 2 - tail : tail;
  }
}
