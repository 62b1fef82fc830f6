package io.github.bunvec.engine.cpu.kernel;

import java.util.Arrays;
import java.util.List;

/**
 * Brings weights from a checkpoint's order, one row per output, into panels: a transposition of NR
 * rows at a time.
 *
 * <p>The rows of a panel are read at once, by as few calls as there are matrices in it: before the
 * JVM has compiled anything, a copy of one row costs more in calls than in bytes.
 */
public final class WeightPacking {

  /** Values of a row that are moved at a time: a cache line, whose columns are then in L1. */
  private static final int LINE = 16;

  /** Takes the rows of a layer, a panel at a time. */
  public interface Target {

    /**
     * Takes the rows of a panel.
     *
     * @param panel which panel
     * @param rows [nr, k], one row per output, zeros behind the last output
     */
    void write(int panel, float[] rows);
  }

  private WeightPacking() {}

  /**
   * Reads matrices one below the other, panel by panel.
   *
   * @param k values of a row
   * @param nr outputs of a panel
   * @param n outputs in all
   * @param weights the matrices, each [outputs, k]
   * @param target takes the rows, panel after panel
   * @throws IllegalArgumentException if the matrices have not n rows together
   */
  public static void forEachPanel(int k, int nr, int n, List<WeightRows> weights, Target target) {
    int all = weights.stream().mapToInt(WeightRows::rows).sum();
    if (all != n) {
      throw new IllegalArgumentException("weights have " + all + " outputs, the bias has " + n);
    }
    float[] rows = new float[Math.multiplyExact(nr, k)];
    for (int column = 0; column < n; column += nr) {
      int count = Math.min(nr, n - column);
      Arrays.fill(rows, count * k, rows.length, 0);
      int begin = 0; // of the matrix, among all rows
      for (WeightRows matrix : weights) {
        int from = Math.max(column, begin);
        int to = Math.min(column + count, begin + matrix.rows());
        if (from < to) {
          matrix.take(from - begin, to - from, rows, (from - column) * k);
        }
        begin += matrix.rows();
      }
      target.write(column / nr, rows);
    }
  }

  /**
   * Writes the rows of a panel as {@code [k][nr]} floats.
   *
   * @param rows from {@link #forEachPanel}
   * @param k values of a row
   * @param nr outputs of a panel
   * @param packed receives them
   * @param to where they start
   */
  public static void fp32(float[] rows, int k, int nr, float[] packed, int to) {
    for (int p = 0; p < k; p += LINE) {
      int end = Math.min(p + LINE, k);
      for (int i = 0; i < nr; i++) {
        for (int j = p; j < end; j++) {
          packed[to + j * nr + i] = rows[i * k + j];
        }
      }
    }
  }

  /**
   * Writes the rows of a panel as {@code [k][nr / 2]} pairs of bfloat16, see {@link
   * GemmKernel#panelBf16}.
   *
   * @param rows from {@link #forEachPanel}
   * @param k values of a row
   * @param nr outputs of a panel
   * @param lanes floats of a vector
   * @param packed receives them
   * @param to where they start
   */
  public static void bf16(float[] rows, int k, int nr, int lanes, int[] packed, int to) {
    for (int column = 0; column < nr; column += 2 * lanes) {
      for (int lane = 0; lane < lanes; lane++) {
        int low = (column + lane) * k;
        int high = low + lanes * k;
        int at = to + column / 2 + lane;
        for (int p = 0; p < k; p++) {
          packed[at + p * (nr / 2)] =
              Bfloat16.fromFloat(rows[low + p]) | Bfloat16.fromFloat(rows[high + p]) << 16;
        }
      }
    }
  }

  /**
   * Writes the rows of a panel as {@code [k / 2, rounded up][nr]} pairs of bfloat16 along k, the
   * even one in the lower half; behind an odd k comes a zero.
   *
   * @param rows from {@link #forEachPanel}
   * @param k values of a row
   * @param nr outputs of a panel
   * @param packed receives them, from its first value on
   */
  public static void bf16Pairs(float[] rows, int k, int nr, int[] packed) {
    for (int i = 0; i < nr; i++) {
      int row = i * k;
      for (int p = 0; p < k; p += 2) {
        int low = Bfloat16.fromFloat(rows[row + p]);
        int high = p + 1 < k ? Bfloat16.fromFloat(rows[row + p + 1]) : 0;
        packed[p / 2 * nr + i] = low | high << 16;
      }
    }
  }
}
