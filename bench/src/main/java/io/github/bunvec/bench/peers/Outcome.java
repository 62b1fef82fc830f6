package io.github.bunvec.bench.peers;

import io.github.bunvec.bench.peers.Statistics.Quartiles;
import java.util.Arrays;
import java.util.List;

/**
 * What the rounds of a contest gave.
 *
 * @param section what the contest is one of
 * @param name the contest
 * @param threads how many threads computed
 * @param texts how many texts the work has
 * @param tokens how many tokens
 * @param single whether seconds are the median of single calls
 * @param gflop billions of floating-point operations of what the seconds are taken for
 * @param coreCeiling GFLOP/s of one thread's FMA loop, one value a round
 * @param ceiling GFLOP/s of the FMA loop on all threads at once, one value a round
 * @param entries one per contender, in the contest's order
 */
record Outcome(
    String section,
    String name,
    int threads,
    int texts,
    int tokens,
    boolean single,
    double gflop,
    double[] coreCeiling,
    double[] ceiling,
    List<Entry> entries) {

  /**
   * One contender's times.
   *
   * @param name its name
   * @param own whether it is bunvec
   * @param agreement whether it computes in FP32 or rounds to BF16
   * @param seconds one value a round
   */
  record Entry(String name, boolean own, Agreement agreement, double[] seconds) {}

  /** Returns how fast an entry is, in GFLOP/s, one value a round. */
  double[] gflops(Entry entry) {
    return Arrays.stream(entry.seconds()).map(seconds -> gflop / seconds).toArray();
  }

  /** Returns the share of the same rounds' ceiling. */
  Quartiles share(Entry entry) {
    return Statistics.quartiles(Statistics.ratios(gflops(entry), ceiling));
  }

  /** Returns how many times as fast as the slow one the quick one is: the ratio of each round. */
  static Quartiles speedUp(Entry quick, Entry slow) {
    return Statistics.quartiles(Statistics.ratios(slow.seconds(), quick.seconds()));
  }
}
