package io.github.bunvec.engine.cpu.kernel;

import java.util.List;

/**
 * Brings weights from a checkpoint's order, one row per output, into that of {@link PackedMatrix}:
 * a transposition of NR rows at a time.
 *
 * <p>Rows are read in blocks of NR x 768 values, which stay in L2, and written once, consecutively:
 * the load of a model is then bound by memory. The blocks' leading dimension is no multiple of a
 * power of two, so that the values of a column do not fall on the same few lines of L1.
 */
final class WeightPacking {

  private static final int DEPTH = 768;
  private static final int STRIDE = DEPTH + 16;

  private final int k;
  private final int nr;
  private final float[] block; // [nr, STRIDE]

  /** Writes a block that was read to where it belongs. */
  private interface Target {
    void write(int column, int rows, int p, int depth);
  }

  private WeightPacking(int k, int nr) {
    this.k = k;
    this.nr = nr;
    this.block = new float[nr * STRIDE];
  }

  /** Packs matrices one below the other into {@code [panels][k][nr]} floats. */
  static void fp32(int k, int nr, List<WeightRows> weights, float[] packed) {
    WeightPacking packing = new WeightPacking(k, nr);
    packing.pack(
        weights,
        (column, rows, p, depth) -> {
          int to = column / nr * k * nr + p * nr + column % nr;
          transpose(packing.block, rows, depth, packed, to, nr);
        });
  }

  /** Packs matrices one below the other into {@code [panels][k][nr / 2]} pairs of bfloat16. */
  static void bf16(int k, int nr, int lanes, List<WeightRows> weights, int[] packed) {
    WeightPacking packing = new WeightPacking(k, nr);
    packing.pack(
        weights,
        (column, rows, p, depth) -> {
          int to = column / nr * k * (nr / 2) + p * (nr / 2);
          merge(packing.block, column % nr, rows, depth, lanes, packed, to, nr / 2);
        });
  }

  private void pack(List<WeightRows> weights, Target target) {
    int column = 0;
    for (WeightRows matrix : weights) {
      int row = 0;
      while (row < matrix.rows()) {
        // As many as belong to the same panel.
        int rows = Math.min(matrix.rows() - row, nr - column % nr);
        for (int p = 0; p < k; p += DEPTH) {
          int depth = Math.min(DEPTH, k - p);
          for (int i = 0; i < rows; i++) {
            matrix.copy(row + i, p, depth, block, i * STRIDE);
          }
          target.write(column, rows, p, depth);
        }
        matrix.done(row, rows);
        row += rows;
        column += rows;
      }
    }
  }

  private static void transpose(
      float[] block, int rows, int depth, float[] packed, int to, int stride) {
    for (int p = 0; p < depth; p++) {
      int row = to + p * stride;
      for (int i = 0; i < rows; i++) {
        packed[row + i] = block[i * STRIDE + p];
      }
    }
  }

  private static void merge(
      float[] block, int first, int rows, int depth, int lanes, int[] packed, int to, int stride) {
    for (int i = 0; i < rows; i++) {
      int column = first + i;
      int at = to + column / (2 * lanes) * lanes + column % lanes;
      int shift = (column / lanes & 1) * 16;
      for (int p = 0; p < depth; p++) {
        packed[at + p * stride] |= Bfloat16.fromFloat(block[i * STRIDE + p]) << shift;
      }
    }
  }
}
