package io.github.bunvec.bench;

import java.util.SplittableRandom;

/**
 * Values that are the same in every run: their name is the seed.
 *
 * <p>Never zeros: processors draw less power on them and clock higher.
 */
public final class RandomValues {

  private RandomValues() {}

  /**
   * Draws values of mean 0 and a standard deviation, evenly distributed.
   *
   * @param name the seed
   * @param length how many
   * @param deviation their standard deviation
   * @return the values
   */
  public static float[] of(String name, int length, float deviation) {
    SplittableRandom random = random(name);
    // An even distribution from -a to a has the standard deviation a / sqrt 3.
    float width = deviation * (float) Math.sqrt(12);
    float[] values = new float[length];
    for (int i = 0; i < length; i += 2) {
      long bits = random.nextLong();
      values[i] = ((int) bits >> 8) * 0x1p-24f * width;
      if (i + 1 < length) {
        values[i + 1] = ((int) (bits >> 32) >> 8) * 0x1p-24f * width;
      }
    }
    return values;
  }

  /**
   * Returns a generator whose seed is a name.
   *
   * @param name the seed
   * @return the generator
   */
  public static SplittableRandom random(String name) {
    return new SplittableRandom(20261121L * name.hashCode());
  }
}
