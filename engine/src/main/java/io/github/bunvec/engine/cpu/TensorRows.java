package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.kernel.WeightRows;
import io.github.bunvec.loader.TensorView;

/**
 * The rows of a checkpoint's matrix, whose pages go back to the system as soon as they were read:
 * otherwise the file counts as memory beside what is made of it.
 *
 * @param tensor [rows, features]
 */
record TensorRows(TensorView tensor) implements WeightRows {

  @Override
  public int rows() {
    return tensor.dim(0);
  }

  @Override
  public void take(int row, int count, float[] target, int targetOffset) {
    long from = (long) row * tensor.dim(1);
    int values = count * tensor.dim(1);
    tensor.copyRange(from, values, target, targetOffset);
    tensor.unload(from, values);
  }
}
