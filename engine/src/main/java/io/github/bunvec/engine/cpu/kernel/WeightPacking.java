package io.github.bunvec.engine.cpu.kernel;

import java.util.Arrays;
import java.util.List;

/**
 * Brings weights from a checkpoint's order, one row per output, into panels: a transposition of NR
 * rows at a time.
 *
 * <p>Rows are read in blocks of NR x 768 values, which stay in L2, and written once, consecutively:
 * the load of a model is then bound by memory. The blocks' leading dimension is no multiple of a
 * power of two, so that the values of a column do not fall on the same few lines of L1.
 */
public final class WeightPacking {

  /** Values along k of a block, at most. */
  public static final int DEPTH = 768;

  private static final int STRIDE = DEPTH + 16;

  /** Takes the blocks of a layer. */
  public interface Target {

    /**
     * Takes a part of a panel, whole columns of {@code depth} values.
     *
     * @param panel which panel
     * @param p the part's first value along k
     * @param depth how many along k
     * @param block one row per output of the panel, zeros behind the last output
     */
    void write(int panel, int p, int depth, float[] block);
  }

  private WeightPacking() {}

  /**
   * Reads matrices one below the other, block by block.
   *
   * @param k values of a row
   * @param nr outputs of a panel
   * @param n outputs in all
   * @param weights the matrices, each [outputs, k]
   * @param target takes the blocks, panel after panel, p ascending
   * @throws IllegalArgumentException if the matrices have not n rows together
   */
  public static void forEachBlock(int k, int nr, int n, List<WeightRows> weights, Target target) {
    int rows = weights.stream().mapToInt(WeightRows::rows).sum();
    if (rows != n) {
      throw new IllegalArgumentException("weights have " + rows + " outputs, the bias has " + n);
    }
    float[] block = new float[nr * STRIDE];
    for (int column = 0; column < n; column += nr) {
      int count = Math.min(nr, n - column);
      Arrays.fill(block, count * STRIDE, block.length, 0);
      for (int p = 0; p < k; p += DEPTH) {
        int depth = Math.min(DEPTH, k - p);
        read(weights, column, count, p, depth, block);
        target.write(column / nr, p, depth, block);
      }
      done(weights, column, count);
    }
  }

  private static void read(
      List<WeightRows> weights, int first, int count, int p, int depth, float[] block) {
    int begin = 0; // of the matrix, among all rows
    for (WeightRows matrix : weights) {
      int end = begin + matrix.rows();
      for (int row = Math.max(first, begin); row < Math.min(first + count, end); row++) {
        matrix.copy(row - begin, p, depth, block, (row - first) * STRIDE);
      }
      begin = end;
    }
  }

  private static void done(List<WeightRows> weights, int first, int count) {
    int begin = 0;
    for (WeightRows matrix : weights) {
      int end = begin + matrix.rows();
      int from = Math.max(first, begin);
      int to = Math.min(first + count, end);
      if (from < to) {
        matrix.done(from - begin, to - from);
      }
      begin = end;
    }
  }

  /**
   * Writes a block as {@code [depth][nr]} floats.
   *
   * @param block from {@link #forEachBlock}
   * @param nr outputs of a panel
   * @param depth values along k
   * @param packed receives them
   * @param to where they start
   */
  public static void fp32(float[] block, int nr, int depth, float[] packed, int to) {
    for (int p = 0; p < depth; p++) {
      int row = to + p * nr;
      for (int i = 0; i < nr; i++) {
        packed[row + i] = block[i * STRIDE + p];
      }
    }
  }

  /**
   * Writes a block as {@code [depth][nr / 2]} pairs of bfloat16, see {@link GemmKernel#panelBf16}.
   *
   * @param block from {@link #forEachBlock}
   * @param nr outputs of a panel
   * @param lanes floats of a vector
   * @param depth values along k
   * @param packed receives them
   * @param to where they start
   */
  public static void bf16(float[] block, int nr, int lanes, int depth, int[] packed, int to) {
    for (int column = 0; column < nr; column += 2 * lanes) {
      for (int lane = 0; lane < lanes; lane++) {
        int low = (column + lane) * STRIDE;
        int high = low + lanes * STRIDE;
        int at = to + column / 2 + lane;
        for (int p = 0; p < depth; p++) {
          packed[at + p * (nr / 2)] =
              Bfloat16.fromFloat(block[low + p]) | Bfloat16.fromFloat(block[high + p]) << 16;
        }
      }
    }
  }

  /**
   * Writes a block as {@code [depth / 2, rounded up][nr]} pairs of bfloat16 along k, the even one
   * in the lower half; behind an odd depth comes a zero.
   *
   * @param block from {@link #forEachBlock}
   * @param nr outputs of a panel
   * @param depth values along k
   * @param packed receives them, from its first value on
   */
  public static void bf16Pairs(float[] block, int nr, int depth, int[] packed) {
    for (int i = 0; i < nr; i++) {
      int row = i * STRIDE;
      for (int p = 0; p < depth; p += 2) {
        int low = Bfloat16.fromFloat(block[row + p]);
        int high = p + 1 < depth ? Bfloat16.fromFloat(block[row + p + 1]) : 0;
        packed[p / 2 * nr + i] = low | high << 16;
      }
    }
  }
}
