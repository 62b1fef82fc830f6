package io.github.bunvec.bench.gpu;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.RandomModel;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.PackedBatch;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Compares small models of every kind with the backend {@code reference}, and a text's vector alone
 * with the one it has in a batch.
 */
final class GpuCheck {

  /** Between values of unit vectors, FP32. */
  static final double MOST_DIFFERENCE = 5e-6;

  /** Between vectors, BF16. */
  static final double LEAST_COSINE = 0.9998;

  private static final int WORDS = 512;
  private static final int POSITIONS = 512;
  private static final int HEADS = 2;
  private static final int LAYERS = 2;

  /** Those attention.cu is for, and one it is not for. */
  private static final int[] HEAD_WIDTHS = {32, 64, 128, 48};

  /** About the borders of tiles, one token, and as many as there are positions. */
  private static final int[] LENGTHS = {7, 1, 16, 17, 32, 33, 64, 2, 100, 512, 15};

  private final MeasuredModel.Maker tested;
  private final MeasuredModel.Maker reference;
  private final Table table;
  private boolean passed = true;

  /**
   * Takes backends.
   *
   * @param tested makes the one that is checked
   * @param reference makes the one that is right
   */
  GpuCheck(MeasuredModel.Maker tested, MeasuredModel.Maker reference) {
    this.tested = tested;
    this.reference = reference;
    this.table =
        new Table(
            "Check",
            """
            Models of %d layers with random weights, %d texts of %d to %d tokens, unit vectors, \
            against the backend reference. Expected: FP32 differs by at most %s, BF16 has a cosine \
            of at least %s, and every text has the same bits alone and in the batch."""
                .formatted(LAYERS, LENGTHS.length, 1, POSITIONS, MOST_DIFFERENCE, LEAST_COSINE),
            "head width",
            "arithmetic",
            "greatest difference",
            "least cosine",
            "same bits",
            "result");
  }

  /** Returns what was found. */
  Table table() {
    return table;
  }

  /** Checks all kinds. */
  boolean run() throws IOException {
    for (int width : HEAD_WIDTHS) {
      int hidden = HEADS * width;
      BertShape shape = new BertShape(LAYERS, hidden, HEADS, 4 * hidden, WORDS, POSITIONS);
      try (RandomModel random = RandomModel.write(shape)) {
        PackedBatch batch = PackedBatch.of(Ids.random(WORDS, LENGTHS));
        float[][] expected;
        try (MeasuredModel model =
            MeasuredModel.load(random.directory(), reference, Arithmetic.FP32, 1)) {
          expected = model.run(batch);
        }
        for (Arithmetic arithmetic : List.of(Arithmetic.FP32, Arithmetic.BF16)) {
          check(width, random, batch, expected, arithmetic);
        }
      }
    }
    return passed;
  }

  private void check(
      int width, RandomModel random, PackedBatch batch, float[][] expected, Arithmetic arithmetic)
      throws IOException {
    float[][] found;
    boolean same = true;
    try (MeasuredModel model = MeasuredModel.load(random.directory(), tested, arithmetic, 2)) {
      found = model.run(batch);
      List<int[]> texts = Ids.random(WORDS, LENGTHS);
      for (int i = 0; i < texts.size(); i++) {
        same &= Arrays.equals(found[i], model.run(PackedBatch.of(List.of(texts.get(i))))[0]);
      }
    }
    double difference = 0;
    double cosine = 1;
    for (int i = 0; i < found.length; i++) {
      difference = Math.max(difference, difference(expected[i], found[i]));
      cosine = Math.min(cosine, dot(expected[i], found[i]));
    }
    boolean close =
        arithmetic == Arithmetic.BF16 ? cosine >= LEAST_COSINE : difference <= MOST_DIFFERENCE;
    passed &= close && same;
    table.add(
        Cell.count(width),
        Cell.of(arithmetic.toString()),
        new Cell("%.1e".formatted(difference), difference),
        new Cell("%.6f".formatted(cosine), cosine),
        Cell.of(same ? "yes" : "no"),
        Cell.of(close && same ? "passed" : "FAILED"));
  }

  /** Returns the greatest difference of two values; of a NaN it is infinite. */
  private static double difference(float[] a, float[] b) {
    double greatest = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = Math.abs((double) a[i] - b[i]);
      greatest =
          Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(greatest, difference);
    }
    return greatest;
  }

  /** The cosine of unit vectors; of a NaN it is the least there can be. */
  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return Double.isNaN(sum) ? -1 : sum;
  }
}
