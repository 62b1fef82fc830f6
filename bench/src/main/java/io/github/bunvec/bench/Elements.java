package io.github.bunvec.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Counts the values an element-by-element operation has written. */
@State(Scope.Thread)
@AuxCounters
public class Elements {

  /** Billions of values. */
  public double gigaElements;

  /** Creates a counter at zero. */
  public Elements() {}

  /**
   * Counts values.
   *
   * @param values how many
   */
  void add(long values) {
    gigaElements += values * 1e-9;
  }
}
