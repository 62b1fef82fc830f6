package io.github.bunvec.bench.peers;

import java.util.List;

/**
 * Work that several contenders do.
 *
 * @param section what it is one of, such as "BERT-base, equal lengths"
 * @param name the work in short
 * @param flops floating-point operations of all of it, or of the median call where single calls
 *     count; padding is not counted
 * @param texts how many texts (or rows of a matrix) it has
 * @param tokens how many tokens
 * @param single whether what counts is the median of single calls, not the time of all
 * @param contenders who does it; the first is bunvec in FP32
 */
record Contest(
    String section,
    String name,
    double flops,
    int texts,
    int tokens,
    boolean single,
    List<Contender> contenders)
    implements AutoCloseable {

  /** Refuses to go on where results differ. */
  void requireAgreement() {
    int count = contenders.getFirst().order().length == 0 ? 1 : texts;
    float[][] expected = contenders.getFirst().results(count);
    for (Contender contender : contenders.subList(1, contenders.size())) {
      contender.agreement().require(contender.name(), contender.results(count), expected);
    }
  }

  @Override
  public void close() {
    contenders.forEach(contender -> contender.task().close());
  }
}
