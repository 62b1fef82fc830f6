package io.github.bunvec.engine.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width of this machine and the one way sums are formed on it.
 *
 * <p>Sums across a row run in {@link #PARTIALS} partial sums whatever the width, and are closed by
 * {@link #total} in one fixed order. A row's sum is therefore the same to the bit on 128, 256 and
 * 512 bits; the machine that made a vector does not show in it.
 */
public final class VectorWidth {

  /** The widest species the processor has, at most 512 bits. */
  static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.vectorBitSize() > 512
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  /** Floats per vector: 4, 8 or 16. */
  static final int LANES = FLOATS.length();

  /** Partial sums of a row: the lanes of the widest vector. */
  public static final int PARTIALS = 16;

  private VectorWidth() {}

  /**
   * Returns the vector width of this machine.
   *
   * @return 128, 256 or 512
   */
  public static int bits() {
    return FLOATS.vectorBitSize();
  }

  /**
   * Returns whether the processor has vectors at all.
   *
   * @return false where the Vector API would only pretend
   */
  public static boolean supported() {
    return FloatVector.SPECIES_PREFERRED.vectorShape() != VectorShape.S_64_BIT;
  }

  /**
   * Rounds a number of values up so that whole vectors of every width fit.
   *
   * @param values a number of values
   * @return the next multiple of {@link #PARTIALS}
   */
  public static int roundUp(int values) {
    return (values + PARTIALS - 1) / PARTIALS * PARTIALS;
  }

  /** Adds the partial sums as a balanced tree. */
  static float total(float[] partial) {
    return total(partial, 0);
  }

  /** Adds the partial sums that start at {@code i}. */
  static float total(float[] partial, int i) {
    float a = (partial[i] + partial[i + 8]) + (partial[i + 4] + partial[i + 12]);
    float b = (partial[i + 1] + partial[i + 9]) + (partial[i + 5] + partial[i + 13]);
    float c = (partial[i + 2] + partial[i + 10]) + (partial[i + 6] + partial[i + 14]);
    float d = (partial[i + 3] + partial[i + 11]) + (partial[i + 7] + partial[i + 15]);
    return (a + c) + (b + d);
  }
}
