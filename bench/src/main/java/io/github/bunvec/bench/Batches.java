package io.github.bunvec.bench;

import java.util.Arrays;
import java.util.Random;

/** The lengths of the texts of a batch. */
final class Batches {

  private static final int MIXED_TEXTS = 64;

  private Batches() {}

  /** Returns the lengths of {@code texts x tokens}, or of {@code mixed}. */
  static int[] lengths(String batch) {
    if (batch.equals("mixed")) {
      return mixed();
    }
    int[] lengths = new int[Integer.parseInt(batch.substring(0, batch.indexOf('x')))];
    Arrays.fill(lengths, Integer.parseInt(batch.substring(batch.indexOf('x') + 1)));
    return lengths;
  }

  /** Log-normal, as the lengths of sentences are, with a median of 20 tokens. */
  private static int[] mixed() {
    Random random = new Random(1);
    int[] lengths = new int[MIXED_TEXTS];
    Arrays.setAll(
        lengths, i -> Math.clamp(Math.round(20 * Math.exp(0.8 * random.nextGaussian())), 4, 256));
    return lengths;
  }
}
