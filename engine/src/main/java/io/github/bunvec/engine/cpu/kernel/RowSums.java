package io.github.bunvec.engine.cpu.kernel;

import static io.github.bunvec.engine.cpu.kernel.VectorWidth.FLOATS;
import static io.github.bunvec.engine.cpu.kernel.VectorWidth.LANES;
import static io.github.bunvec.engine.cpu.kernel.VectorWidth.PARTIALS;

import jdk.incubator.vector.FloatVector;

/**
 * The sixteen partial sums along a row: element i goes into sum i mod 16, i ascending, whatever the
 * vector width.
 *
 * <p>One vector of sums at a time stays in its register over the whole row. Kept in an array
 * between elements, each addition would wait for the last one's store.
 */
final class RowSums {

  private RowSums() {}

  /**
   * Adds up values.
   *
   * @param x the row
   * @param offset where it starts
   * @param n how many, a multiple of {@link VectorWidth#PARTIALS}
   * @param partial receives the sums
   */
  static void sum(float[] x, int offset, int n, float[] partial) {
    for (int lane = 0; lane < PARTIALS; lane += LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = lane; i < n; i += PARTIALS) {
        sum = sum.add(FloatVector.fromArray(FLOATS, x, offset + i));
      }
      sum.intoArray(partial, lane);
    }
  }

  /**
   * Adds values to others, in place, and adds up the results.
   *
   * @param x what is added
   * @param xOffset where its row starts
   * @param y the row
   * @param yOffset where it starts
   * @param n how many, a multiple of {@link VectorWidth#PARTIALS}
   * @param partial receives the sums
   */
  static void addAndSum(float[] x, int xOffset, float[] y, int yOffset, int n, float[] partial) {
    for (int lane = 0; lane < PARTIALS; lane += LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = lane; i < n; i += PARTIALS) {
        FloatVector v =
            FloatVector.fromArray(FLOATS, x, xOffset + i)
                .add(FloatVector.fromArray(FLOATS, y, yOffset + i));
        v.intoArray(y, yOffset + i);
        sum = sum.add(v);
      }
      sum.intoArray(partial, lane);
    }
  }

  /**
   * Adds up squares of differences.
   *
   * @param x the row
   * @param offset where it starts
   * @param n how many, a multiple of {@link VectorWidth#PARTIALS}
   * @param mean what is subtracted first
   * @param partial receives the sums
   */
  static void squares(float[] x, int offset, int n, float mean, float[] partial) {
    for (int lane = 0; lane < PARTIALS; lane += LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = lane; i < n; i += PARTIALS) {
        FloatVector d = FloatVector.fromArray(FLOATS, x, offset + i).sub(mean);
        sum = d.fma(d, sum);
      }
      sum.intoArray(partial, lane);
    }
  }
}
