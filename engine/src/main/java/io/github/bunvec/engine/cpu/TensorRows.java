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
  public void copy(int row, int column, int count, float[] target, int targetOffset) {
    tensor.copyRange((long) row * tensor.dim(1) + column, count, target, targetOffset);
  }

  @Override
  public void done(int row, int count) {
    tensor.unload((long) row * tensor.dim(1), (long) count * tensor.dim(1));
  }
}
