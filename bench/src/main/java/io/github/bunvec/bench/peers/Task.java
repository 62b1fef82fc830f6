package io.github.bunvec.bench.peers;

/** Work made ready: all of it is one call of each number from 0 on. */
interface Task extends AutoCloseable {

  /** Returns how many calls the work takes. */
  int calls();

  /**
   * Does one part of the work and leaves its result in Java's memory.
   *
   * @param call which part, from 0
   */
  void run(int call);

  /** Returns the last call's result: a vector per text or, of a matrix product, its rows' mean. */
  float[][] result();

  @Override
  void close();
}
