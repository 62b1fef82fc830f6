package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.emit.Bf16Rows;
import io.github.bunvec.engine.cpu.emit.UnpackedPanel;
import io.github.bunvec.engine.cpu.kernel.Attention;
import io.github.bunvec.engine.cpu.kernel.VectorWidth;
import io.github.bunvec.engine.spi.ForwardPass;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The memory one worker computes in, kept from call to call.
 *
 * <p>It grows to what the longest slice needs and then allocates nothing more: {@code (tokens *
 * valuesPerToken + sequences * valuesPerSequence) * 4} bytes for the slots, and the attention's
 * scratch.
 */
final class Workspace implements AutoCloseable {

  private float[] values = new float[0]; // slot after slot, each [rows, stride]
  private MemorySegment segment = MemorySegment.ofArray(values); // the same memory
  private float[] row = new float[0]; // [features], one embedding row
  private double[] sums = new double[0]; // [hidden], the pooling's sums
  private final float[] partial = new float[2 * VectorWidth.PARTIALS];
  private @Nullable Bf16Rows rounded; // null until needed
  private @Nullable UnpackedPanel unpacked; // null until needed
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
      segment = MemorySegment.ofArray(values);
    }
  }

  /** Returns {@link #values} as emitted code takes them; kept, because it is an object. */
  MemorySegment segment() {
    return segment;
  }

  /** Returns the rows of the last input that was rounded to BF16. */
  Bf16Rows rounded() {
    Bf16Rows rows = rounded;
    if (rows == null) {
      rows = new Bf16Rows();
      rounded = rows;
    }
    return rows;
  }

  /** Returns room for a panel of weights. */
  UnpackedPanel unpacked() {
    UnpackedPanel panel = unpacked;
    if (panel == null) {
      panel = new UnpackedPanel();
      unpacked = panel;
    }
    return panel;
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
    long heap = 4L * (values.length + row.length) + 8L * sums.length + attention.bytes();
    return heap
        + (rounded == null ? 0 : rounded.bytes())
        + (unpacked == null ? 0 : unpacked.bytes());
  }

  /** Frees what lies outside the heap; the workspace must not be in use. */
  @Override
  public void close() {
    if (rounded != null) {
      rounded.close();
      rounded = null;
    }
    if (unpacked != null) {
      unpacked.close();
      unpacked = null;
    }
  }
}
