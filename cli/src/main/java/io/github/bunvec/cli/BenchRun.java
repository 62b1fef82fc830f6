package io.github.bunvec.cli;

import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The measurements of {@code bench}, in rounds: in each the machine's ceilings first, then every
 * workload for a while. What is divided by each other is thus of the same moment, and a disturbance
 * spoils one round and not one figure; medians are reported.
 */
final class BenchRun {

  private static final int[] LENGTHS = {8, 16, 32, 64, 128, 512};

  /** Different texts of one length, so that no cache or branch predictor knows the next one. */
  private static final int VARIANTS = 8;

  /** How long a call with many texts should take, and how many at least and at most. */
  private static final double BATCH_SECONDS = 0.2;

  private static final int MIN_BATCH = 32;
  private static final int MAX_BATCH = 1024;

  /** The part of the time that goes into warming up. */
  private static final double WARM_UP = 0.2;

  private static final double SECONDS_PER_ROUND = 12;
  private static final int MAX_ROUNDS = 11;

  private final EmbeddingModel model;
  private final List<BenchWorkload> single = new ArrayList<>();
  private final List<BenchWorkload> many = new ArrayList<>();
  private final List<String> mixed;
  private final DoubleList tokenizerRates = new DoubleList();
  private final BenchCeilings ceilings;
  private final double seconds;
  private final int rounds;

  /**
   * Prepares texts and ceilings.
   *
   * @param seconds about how long all is to take
   */
  BenchRun(EmbeddingModel model, BenchTexts texts, double seconds) {
    this.model = model;
    this.seconds = seconds;
    this.rounds = (int) Math.clamp(seconds / SECONDS_PER_ROUND, 1, MAX_ROUNDS);
    // A run of seconds has no time to fill and read a quarter of a gigabyte.
    this.ceilings =
        new BenchCeilings(model.info().threads(), seconds < SECONDS_PER_ROUND ? 4 << 20 : 64 << 20);
    int longest = model.info().maxLength();
    for (int length : LENGTHS) {
      if (length <= longest) {
        List<List<String>> calls =
            texts.ofLength(model, length, VARIANTS).stream().map(List::of).toList();
        single.add(new BenchWorkload(length + " tokens", model, calls));
      }
    }
    BenchCeilings.Sample machine = ceilings.measure();
    for (int length : List.of(32, 128)) {
      if (length <= longest) {
        int batch = batch(length, machine);
        many.add(
            new BenchWorkload(
                "%d x %d tokens".formatted(batch, length),
                model,
                List.of(texts.ofLength(model, length, batch))));
      }
    }
    int batch = batch(32, machine);
    mixed = texts.mixed(batch);
    many.add(new BenchWorkload("%d mixed Japanese".formatted(batch), model, List.of(mixed)));
  }

  private int batch(int length, BenchCeilings.Sample machine) {
    double flops = BenchWorkload.Cost.of(model.info()).flops(length);
    return (int) Math.clamp(BATCH_SECONDS * machine.allFma() * 1e9 / flops, MIN_BATCH, MAX_BATCH);
  }

  /** Warms up, then measures round by round. */
  void run() {
    List<BenchWorkload> all = new ArrayList<>(single);
    all.addAll(many);
    int shares = all.size() + 1; // and the tokenizer
    long warmUp = (long) (seconds * WARM_UP / shares * 1e9);
    // Figures of the plain loops of a process' first seconds would be nobody's; the backend gives
    // up
    // by itself where the JVM compiles nothing.
    while (!model.info().warm()) {
      model.embed(mixed.getLast());
    }
    all.forEach(workload -> workload.warmUp(warmUp));
    tokenize(warmUp);
    long slice = (long) (seconds * (1 - WARM_UP) / rounds / shares * 1e9);
    for (int round = 0; round < rounds; round++) {
      for (BenchWorkload workload : all) {
        workload.measure(slice, ceilings.measure());
      }
      tokenizerRates.add(tokenize(slice));
    }
  }

  /** Cuts texts into tokens for a while, all at least once; texts per second of one thread. */
  private double tokenize(long nanos) {
    Tokenizer tokenizer = model.tokenizer();
    long start = System.nanoTime();
    long texts = 0;
    do {
      for (String text : mixed) {
        tokenizer.encode(model.prepare(text), model.info().maxLength());
      }
      texts += mixed.size();
    } while (System.nanoTime() - start < nanos);
    return texts * 1e9 / (System.nanoTime() - start);
  }

  List<BenchWorkload> single() {
    return single;
  }

  List<BenchWorkload> many() {
    return many;
  }

  BenchCeilings.Sample ceilings() {
    return ceilings.medians();
  }

  double tokenizerTextsPerSecond() {
    return median(tokenizerRates);
  }

  int rounds() {
    return rounds;
  }

  static double median(DoubleList values) {
    return median(Arrays.stream(values.toArray()));
  }

  static double median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
