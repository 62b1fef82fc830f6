package io.github.bunvec.cli;

import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.engine.ModelInfo;
import io.github.bunvec.engine.spi.WeightType;
import java.util.Arrays;
import java.util.List;

/** One kind of call that {@code bench} makes again and again, and what came of it. */
final class BenchWorkload {

  /**
   * What one text of a length costs [vectors of BERT: 4 H^2 + 2 H I weights a layer, each used once
   * a token, and two products of L^2 H in attention].
   *
   * @param weights values of all matrices the encoder multiplies by
   * @param attention FLOPs of all layers per square of a length
   * @param weightBytes bytes a weight takes
   */
  record Cost(double weights, double attention, int weightBytes) {

    static Cost of(ModelInfo info) {
      double h = info.hiddenSize();
      return new Cost(
          info.layers() * (4 * h * h + 2 * h * info.intermediateSize()),
          info.layers() * 4 * h,
          info.weightType() == WeightType.BF16 ? 2 : 4);
    }

    /** FLOPs of one text. */
    double flops(int tokens) {
      return 2 * weights * tokens + attention * tokens * tokens;
    }

    /** Bytes that every pass reads at least. */
    double bytes() {
      return weights * weightBytes;
    }
  }

  private final String name;
  private final EmbeddingModel model;
  private final Cost cost;
  private final List<List<String>> calls;
  private final int[] tokens; // [calls]
  private final double[] flops; // [calls]
  private int next;

  private final DoubleList seconds = new DoubleList(); // of every call
  private final DoubleList gflops = new DoubleList(); // of every round
  private final DoubleList ofCeiling = new DoubleList();
  private final DoubleList ofRoof = new DoubleList();
  private final DoubleList textsPerSecond = new DoubleList();
  private final DoubleList tokensPerSecond = new DoubleList();

  /**
   * Prepares calls.
   *
   * @param calls the texts of each; they are made in turn
   */
  BenchWorkload(String name, EmbeddingModel model, List<List<String>> calls) {
    this.name = name;
    this.model = model;
    this.calls = calls;
    this.cost = Cost.of(model.info());
    this.tokens = new int[calls.size()];
    this.flops = new double[calls.size()];
    for (int i = 0; i < tokens.length; i++) {
      for (String text : calls.get(i)) {
        int length = Math.min(BenchTexts.tokens(model, text), model.info().maxLength());
        tokens[i] += length;
        flops[i] += cost.flops(length);
      }
    }
  }

  /** Makes calls that do not count for a while, at least one. */
  void warmUp(long nanos) {
    long start = System.nanoTime();
    do {
      model.embedAll(calls.get(next++ % calls.size()));
    } while (System.nanoTime() - start < nanos);
  }

  /** Makes calls for a while, at least one, and compares them with what the machine can do. */
  void measure(long nanos, BenchCeilings.Sample machine) {
    long start = System.nanoTime();
    double sumFlops = 0;
    double sumSeconds = 0;
    double roofSeconds = 0;
    long texts = 0;
    long allTokens = 0;
    do {
      int call = next++ % calls.size();
      long begin = System.nanoTime();
      model.embedAll(calls.get(call));
      double elapsed = (System.nanoTime() - begin) * 1e-9;
      seconds.add(elapsed);
      sumSeconds += elapsed;
      sumFlops += flops[call];
      roofSeconds +=
          Math.max(flops[call] / machine.allFma(), cost.bytes() / machine.allRead()) * 1e-9;
      texts += calls.get(call).size();
      allTokens += tokens[call];
    } while (System.nanoTime() - start < nanos);
    double rate = sumFlops * 1e-9 / sumSeconds;
    gflops.add(rate);
    ofCeiling.add(rate / machine.allFma());
    ofRoof.add(roofSeconds / sumSeconds);
    textsPerSecond.add(texts / sumSeconds);
    tokensPerSecond.add(allTokens / sumSeconds);
  }

  String name() {
    return name;
  }

  double tokensPerCall() {
    return (double) Arrays.stream(tokens).sum() / tokens.length;
  }

  int textsPerCall() {
    return calls.getFirst().size();
  }

  /** Seconds that a fraction of all calls took at most. */
  double quantile(double fraction) {
    double[] sorted = seconds.toArray();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1L, Math.round(fraction * (sorted.length - 1)))];
  }

  double gflops() {
    return BenchRun.median(gflops);
  }

  double ofCeiling() {
    return BenchRun.median(ofCeiling);
  }

  double ofRoof() {
    return BenchRun.median(ofRoof);
  }

  double textsPerSecond() {
    return BenchRun.median(textsPerSecond);
  }

  double tokensPerSecond() {
    return BenchRun.median(tokensPerSecond);
  }
}
