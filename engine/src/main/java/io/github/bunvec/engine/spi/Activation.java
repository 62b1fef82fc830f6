package io.github.bunvec.engine.spi;

/**
 * What follows a linear layer, element by element.
 *
 * <p>Those of an encoder come first: names and formulas of the {@code hidden_act} entry of a
 * Hugging Face configuration. The rest are classes of torch.nn that a Dense module may name, with
 * the defaults of their constructors; {@code sigmoid(x) = 1 / (1 + exp(-x))}.
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
  TANH,
  /** {@code min(max(x, 0), 6)}. */
  RELU6,
  /** {@code x} above 0, {@code 0.01 x} below. */
  LEAKY_RELU,
  /** {@code x} above 0, {@code 11/48 x} below: outside of training the mean of 1/8 and 1/3. */
  RRELU,
  /** {@code x} above 0, {@code exp(x) - 1} below; CELU with its default is the same. */
  ELU,
  /** {@code 1.0507 x} above 0, {@code 1.0507 * 1.6733 (exp(x) - 1)} below. */
  SELU,
  /** {@code x tanh(log(1 + exp(x)))}. */
  MISH,
  /** {@code sigmoid(x)}. */
  SIGMOID,
  /** {@code log(sigmoid(x))}. */
  LOG_SIGMOID,
  /** {@code x - tanh(x)}. */
  TANHSHRINK,
  /** {@code log(1 + exp(x))}, and {@code x} above 20. */
  SOFTPLUS,
  /** {@code x / (1 + |x|)}. */
  SOFTSIGN,
  /** {@code x} brought 0.5 nearer to 0, and 0 within 0.5 of it. */
  SOFTSHRINK,
  /** {@code x}, and 0 within 0.5 of it. */
  HARDSHRINK,
  /** {@code min(max(x, -1), 1)}. */
  HARDTANH,
  /** {@code min(max(x / 6 + 1/2, 0), 1)}. */
  HARDSIGMOID,
  /** {@code x min(max(x / 6 + 1/2, 0), 1)}. */
  HARDSWISH;

  private static final double SELU_SCALE = 1.0507009873554805;
  private static final double SELU_ALPHA = 1.6732632423543772;

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
      default -> atOfDense(x);
    };
  }

  /** By StrictMath: this is also what the CPU computes, and every machine must give the same. */
  private double atOfDense(double x) {
    return switch (this) {
      case RELU6, HARDTANH -> clamp(x, this == RELU6 ? 0 : -1, this == RELU6 ? 6 : 1);
      case LEAKY_RELU -> x > 0 ? x : 0.01 * x;
      case RRELU -> x > 0 ? x : 11.0 / 48 * x;
      case ELU -> x > 0 ? x : StrictMath.expm1(x);
      case SELU -> SELU_SCALE * (x > 0 ? x : SELU_ALPHA * StrictMath.expm1(x));
      case MISH -> x * StrictMath.tanh(softplus(x));
      case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
      case LOG_SIGMOID -> -softplus(-x);
      case TANHSHRINK -> x - StrictMath.tanh(x);
      case SOFTPLUS -> x > 20 ? x : softplus(x);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case SOFTSHRINK -> Math.abs(x) <= 0.5 ? 0 : x - Math.copySign(0.5, x);
      case HARDSHRINK -> Math.abs(x) <= 0.5 ? 0 : x;
      case HARDSIGMOID -> clamp(x / 6 + 0.5, 0, 1);
      case HARDSWISH -> x * clamp(x / 6 + 0.5, 0, 1);
      default -> throw new IllegalStateException(name());
    };
  }

  private static double clamp(double x, double least, double most) {
    return Math.min(Math.max(x, least), most);
  }

  /** {@code log(1 + exp(x))} without overflow. */
  private static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
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
