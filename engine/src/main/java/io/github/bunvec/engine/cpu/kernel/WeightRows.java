package io.github.bunvec.engine.cpu.kernel;

/** A matrix [rows, k] that is read piece by piece while it is packed. */
public interface WeightRows {

  /**
   * Returns the number of rows.
   *
   * @return outputs of a linear layer
   */
  int rows();

  /**
   * Copies consecutive values of one row.
   *
   * @param row the row
   * @param column the first value
   * @param count how many
   * @param target where to
   * @param targetOffset index of the first of them in {@code target}
   */
  void copy(int row, int column, int count, float[] target, int targetOffset);

  /**
   * Says that rows were read for the last time.
   *
   * @param row the first
   * @param count how many
   */
  void done(int row, int count);

  /**
   * Reads an array.
   *
   * @param values [rows, k], row-major
   * @param k values per row
   * @return its rows
   */
  static WeightRows of(float[] values, int k) {
    return new WeightRows() {
      @Override
      public int rows() {
        return values.length / k;
      }

      @Override
      public void copy(int row, int column, int count, float[] target, int targetOffset) {
        System.arraycopy(values, row * k + column, target, targetOffset, count);
      }

      @Override
      public void done(int row, int count) {
        // An array keeps its memory.
      }
    };
  }
}
