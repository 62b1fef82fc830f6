package io.github.bunvec.engine.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The fastest a core can read: a sum over an array, in four chains so that no addition is waited
 * for. Of an array that no cache holds it is the memory's bandwidth, the roof of all that reads
 * weights once.
 */
public final class ReadBandwidth {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  private ReadBandwidth() {}

  /**
   * Reads a part of an array.
   *
   * @param x the array
   * @param from index of the first value
   * @param count how many; what is behind the last multiple of four vectors is left out
   * @return their sum
   */
  public static float sum(float[] x, int from, int count) {
    int lanes = FLOATS.length();
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int end = from + count / (4 * lanes) * (4 * lanes);
    for (int i = from; i < end; i += 4 * lanes) {
      a = a.add(FloatVector.fromArray(FLOATS, x, i));
      b = b.add(FloatVector.fromArray(FLOATS, x, i + lanes));
      c = c.add(FloatVector.fromArray(FLOATS, x, i + 2 * lanes));
      d = d.add(FloatVector.fromArray(FLOATS, x, i + 3 * lanes));
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }
}
