package io.github.bunvec.engine.spi;

/**
 * What a backend is asked for.
 *
 * @param weightType how it keeps weights
 * @param arithmetic what it multiplies them in
 * @param threads how many threads may compute at once; 0 leaves the choice to the backend
 * @param parameters what only this backend understands: what a user wrote behind its name and a
 *     colon; empty for nothing
 */
public record BackendOptions(
    WeightType weightType, Arithmetic arithmetic, int threads, String parameters) {

  /** Checks the number of threads. */
  public BackendOptions {
    if (threads < 0 || threads > 1024) {
      throw new IllegalArgumentException(
          "threads is " + threads + ", expected 1 to 1024, or 0 for the backend's choice");
    }
  }

  /**
   * Asks for nothing that only one backend understands.
   *
   * @param weightType how it keeps weights
   * @param arithmetic what it multiplies them in
   * @param threads how many threads may compute at once; 0 leaves the choice to the backend
   */
  public BackendOptions(WeightType weightType, Arithmetic arithmetic, int threads) {
    this(weightType, arithmetic, threads, "");
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

  /**
   * Refuses parameters, for a backend that takes none.
   *
   * @param backend its name
   * @throws IllegalArgumentException if there are any
   */
  public void requireNoParameters(String backend) {
    if (!parameters.isEmpty()) {
      throw new IllegalArgumentException(
          "backend '%s' takes no parameters, found '%s'".formatted(backend, parameters));
    }
  }
}
