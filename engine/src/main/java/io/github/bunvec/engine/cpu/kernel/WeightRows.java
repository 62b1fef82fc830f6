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
   * Copies rows, each of which is asked for once.
   *
   * @param row the first
   * @param count how many
   * @param target receives [count, k]
   * @param targetOffset index of the first value in {@code target}
   */
  void take(int row, int count, float[] target, int targetOffset);

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
      public void take(int row, int count, float[] target, int targetOffset) {
        System.arraycopy(values, row * k, target, targetOffset, count * k);
      }
    };
  }
}
