package io.github.bunvec.cli;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares vectors and token ids with those of a reference, text by text. */
final class Verification {

  /**
   * What counts as equal.
   *
   * @param unitDifference the greatest difference of a component of unit vectors allowed
   * @param cosine the least cosine allowed
   */
  record Limits(double unitDifference, double cosine) {}

  /**
   * A text that differs.
   *
   * @param where its place in the reference
   * @param unitDifference greatest difference of a component of the unit vectors
   * @param sameIds whether the ids are the same, as far as they are known
   * @param expected the reference's tokens, if it has any
   * @param actual our tokens, if the reference has ids or tokens
   */
  record Difference(
      String where,
      String text,
      double unitDifference,
      double cosine,
      boolean sameIds,
      @Nullable List<String> expected,
      @Nullable List<String> actual) {}

  /** Tells tokens of a text; asked only where the reference has some. */
  interface Tokens {
    int[] ids(String text);

    List<String> of(int[] ids);
  }

  private final Limits limits;
  private final Tokens tokens;
  private long texts;
  private long different;
  private long idsCompared;
  private long idsDifferent;
  private double maxDifference;
  private double maxUnitDifference;
  private double minCosine = Double.POSITIVE_INFINITY;
  private double cosines;
  private @Nullable Difference first;

  Verification(Limits limits, Tokens tokens) {
    this.limits = limits;
    this.tokens = tokens;
  }

  /**
   * Compares one text.
   *
   * @param where its place in the reference
   * @throws CommandException if the vectors have different lengths
   */
  void compare(String where, ReferenceRow row, float[] vector) {
    double[] expected = row.embedding();
    if (expected.length != vector.length) {
      throw CommandException.badInput(
          "%s: the embedding has %d values, the model's vectors have %d"
              .formatted(where, expected.length, vector.length));
    }
    double difference = 0;
    double unitDifference = 0;
    double dot = 0;
    double length = length(vector);
    double expectedLength = length(expected);
    boolean zero = length == 0 && expectedLength == 0;
    for (int i = 0; i < vector.length; i++) {
      difference = Math.max(difference, Math.abs(vector[i] - expected[i]));
      double ours = length == 0 ? 0 : vector[i] / length;
      double theirs = expectedLength == 0 ? 0 : expected[i] / expectedLength;
      unitDifference = Math.max(unitDifference, Math.abs(ours - theirs));
      dot += ours * theirs;
    }
    int[] expectedIds = row.ids();
    boolean known = expectedIds != null || row.tokens() != null;
    int[] ids = known ? tokens.ids(row.text()) : new int[0];
    boolean sameIds = expectedIds == null || Arrays.equals(ids, expectedIds);
    texts++;
    idsCompared += expectedIds == null ? 0 : 1;
    idsDifferent += sameIds ? 0 : 1;
    maxDifference = Math.max(maxDifference, difference);
    maxUnitDifference = Math.max(maxUnitDifference, unitDifference);
    double cosine = zero ? 1 : Math.clamp(dot, -1, 1);
    minCosine = Math.min(minCosine, cosine);
    cosines += cosine;
    if (!sameIds || unitDifference > limits.unitDifference() || cosine < limits.cosine()) {
      different++;
      if (first == null) {
        List<String> names = row.tokens();
        if (names == null && expectedIds != null) {
          names = tokens.of(expectedIds);
        }
        List<String> ours = known ? tokens.of(ids) : null;
        first = new Difference(where, row.text(), unitDifference, cosine, sameIds, names, ours);
      }
    }
  }

  private static double length(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  private static double length(double[] vector) {
    double squares = 0;
    for (double value : vector) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  Limits limits() {
    return limits;
  }

  long texts() {
    return texts;
  }

  /** How many texts have other ids or a vector beyond the limits. */
  long different() {
    return different;
  }

  long idsCompared() {
    return idsCompared;
  }

  long idsDifferent() {
    return idsDifferent;
  }

  double maxDifference() {
    return maxDifference;
  }

  double maxUnitDifference() {
    return maxUnitDifference;
  }

  double minCosine() {
    return minCosine;
  }

  double meanCosine() {
    return cosines / texts;
  }

  @Nullable Difference first() {
    return first;
  }
}
