package io.github.bunvec.engine;

import java.util.List;

/**
 * The least and the greatest value at each place of the vectors of a sample, to which {@link
 * Quantization} spreads its 256 steps.
 *
 * <p>Take them once from vectors of texts like those to come (a few thousand) and keep them:
 * vectors quantized by different ranges cannot be compared. Do not change the arrays.
 *
 * @param least [dimension]
 * @param greatest [dimension]
 */
@SuppressWarnings("ArrayRecordComponent")
public record ValueRanges(float[] least, float[] greatest) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if the lengths differ, or a range is not finite or runs
   *     backwards
   */
  public ValueRanges {
    if (least.length != greatest.length) {
      throw new IllegalArgumentException(
          "%d least values, %d greatest; expected one of each per value"
              .formatted(least.length, greatest.length));
    }
    for (int i = 0; i < least.length; i++) {
      if (!Float.isFinite(greatest[i] - least[i]) || greatest[i] < least[i]) {
        throw new IllegalArgumentException(
            "the range of value %d is %s to %s, expected finite and ascending"
                .formatted(i, least[i], greatest[i]));
      }
    }
  }

  /**
   * Finds the ranges of a sample.
   *
   * @param sample vectors of one length; at least one, better some thousand
   * @return their ranges
   * @throws IllegalArgumentException if there is no vector, the lengths differ, or a value is not
   *     finite
   */
  public static ValueRanges of(List<float[]> sample) {
    if (sample.isEmpty()) {
      throw new IllegalArgumentException("no vectors to take the ranges of");
    }
    float[] least = sample.getFirst().clone();
    float[] greatest = least.clone();
    for (float[] vector : sample) {
      Quantization.requireLength(vector, least.length);
      for (int i = 0; i < least.length; i++) {
        // NaN, too, comes through, and the constructor refuses it
        least[i] = Math.min(least[i], vector[i]);
        greatest[i] = Math.max(greatest[i], vector[i]);
      }
    }
    return new ValueRanges(least, greatest);
  }

  /**
   * Returns the length of the vectors.
   *
   * @return the number of values
   */
  public int dimension() {
    return least.length;
  }
}
