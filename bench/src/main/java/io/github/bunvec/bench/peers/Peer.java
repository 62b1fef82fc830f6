package io.github.bunvec.bench.peers;

/** A runtime with a model loaded, on a given number of threads. */
interface Peer extends AutoCloseable {

  /** Returns how reports call it. */
  String name();

  /** Returns whether it is bunvec. */
  boolean own();

  /** Returns how close its vectors must be to bunvec's in FP32. */
  Agreement agreement();

  /**
   * Makes texts ready.
   *
   * @param set the texts
   * @param calls which of them each call takes
   * @return the work; its results are vectors in the order of the call
   */
  Task prepare(TextSet set, int[][] calls);

  /** Frees the model. */
  @Override
  void close();
}
