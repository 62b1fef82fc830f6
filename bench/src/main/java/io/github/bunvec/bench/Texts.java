package io.github.bunvec.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Counts texts and what they consist of. */
@State(Scope.Thread)
@AuxCounters
public class Texts {

  /** Texts embedded. */
  public long sentences;

  /** Their tokens, special ones included. */
  public long tokens;

  /** Creates counters at zero. */
  public Texts() {}

  /**
   * Counts texts.
   *
   * @param count how many
   * @param ids how many tokens they have together
   */
  void add(long count, long ids) {
    sentences += count;
    tokens += ids;
  }
}
