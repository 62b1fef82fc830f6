package io.github.bunvec.bench.gpu;

import io.github.bunvec.bench.RandomValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Token ids of texts that nobody wrote. */
final class Ids {

  private static final int SPECIALS = 5; // the first ids are [PAD] to [MASK]

  private Ids() {}

  /**
   * Draws texts.
   *
   * @param vocabulary how many words there are
   * @param lengths of the texts, in tokens
   */
  static List<int[]> random(int vocabulary, int... lengths) {
    SplittableRandom random = RandomValues.random("token ids");
    List<int[]> texts = new ArrayList<>();
    for (int length : lengths) {
      texts.add(random.ints(length, SPECIALS, vocabulary).toArray());
    }
    return texts;
  }

  /** Draws texts of equal length. */
  static List<int[]> equal(int vocabulary, int count, int length) {
    int[] lengths = new int[count];
    Arrays.fill(lengths, length);
    return random(vocabulary, lengths);
  }
}
