package io.github.bunvec.engine.spi;

/**
 * The sequence of operations that makes a model.
 *
 * <p>Which operations run depends on the model alone, never on the values, so a backend may run a
 * pass on several slices at once, or record and replay it.
 */
public interface ForwardPass {

  /**
   * Issues the operations in order; the last one is {@link Ops#rows}.
   *
   * @param ops what carries them out
   */
  void run(Ops ops);

  /**
   * Returns how many operations it issues.
   *
   * @return the number of calls {@link #run} makes
   */
  int operations();

  /**
   * Returns how much room the slots with a row per token need.
   *
   * @return values per token
   */
  int valuesPerToken();

  /**
   * Returns how much room the slots with a row per sequence need.
   *
   * @return values per sequence
   */
  int valuesPerSequence();
}
