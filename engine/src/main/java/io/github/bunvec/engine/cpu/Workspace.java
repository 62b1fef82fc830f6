package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.kernel.Attention;
import io.github.bunvec.engine.cpu.kernel.VectorWidth;
import io.github.bunvec.engine.spi.ForwardPass;

/**
 * The memory one worker computes in, kept from call to call.
 *
 * <p>It grows to what the longest slice needs and then allocates nothing more: {@code (tokens *
 * valuesPerToken + sequences * valuesPerSequence) * 4} bytes for the slots, and the attention's
 * scratch.
 */
final class Workspace {

  private float[] values = new float[0]; // slot after slot, each [rows, stride]
  private float[] row = new float[0]; // [features], one embedding row
  private double[] sums = new double[0]; // [hidden], the pooling's sums
  private final float[] partial = new float[VectorWidth.PARTIALS];
  private final Attention.Scratch attention = new Attention.Scratch();

  float[] values() {
    return values;
  }

  void reserve(int tokens, int sequences, ForwardPass pass) {
    int length =
        Math.addExact(
            Math.multiplyExact(tokens, pass.valuesPerToken()),
            Math.multiplyExact(sequences, pass.valuesPerSequence()));
    if (values.length < length) {
      values = new float[length];
    }
  }

  float[] row(int features) {
    if (row.length < features) {
      row = new float[features];
    }
    return row;
  }

  double[] sums(int features) {
    if (sums.length < features) {
      sums = new double[features];
    }
    return sums;
  }

  float[] partial() {
    return partial;
  }

  Attention.Scratch attention() {
    return attention;
  }

  long bytes() {
    return 4L * (values.length + row.length) + 8L * sums.length + attention.bytes();
  }
}
