package io.github.bunvec.engine.spi;

/**
 * What a backend is asked for.
 *
 * @param weightType how it keeps weights
 * @param arithmetic what it multiplies them in
 * @param threads how many threads may compute at once; 0 leaves the choice to the backend
 */
public record BackendOptions(WeightType weightType, Arithmetic arithmetic, int threads) {

  /** Checks the number of threads. */
  public BackendOptions {
    if (threads < 0 || threads > 1024) {
      throw new IllegalArgumentException(
          "threads is " + threads + ", expected 1 to 1024, or 0 for the backend's choice");
    }
  }

  /**
   * Asks for FP32 arithmetic.
   *
   * @param weightType how it keeps weights
   * @param threads how many threads may compute at once; 0 leaves the choice to the backend
   */
  public BackendOptions(WeightType weightType, int threads) {
    this(weightType, Arithmetic.FP32, threads);
  }
}
