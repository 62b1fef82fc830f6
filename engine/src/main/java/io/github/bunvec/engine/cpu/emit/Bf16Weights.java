package io.github.bunvec.engine.cpu.emit;

import io.github.bunvec.engine.cpu.kernel.WeightPacking;
import io.github.bunvec.engine.cpu.kernel.WeightRows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The weights of a linear layer in the order the BF16 kernels read them, outside the heap, with the
 * bias beside.
 *
 * <pre>
 *   weights  [n / columns][k / 2][columns] pairs along k, 32 bits each, the even one in the lower half
 *   bias     [n rounded up to columns] FP32
 * </pre>
 *
 * <p>Zeros fill the last panel and the last pairs. Both begin on a cache line.
 */
public final class Bf16Weights {

  private final Bf16Instruction instruction;
  private final int k;
  private final int n;
  private final int panels;
  private final MemorySegment weights;
  private final MemorySegment bias;

  Bf16Weights(
      Bf16Instruction instruction, int k, List<WeightRows> rows, float[] bias, LargeMemory large) {
    this.instruction = instruction;
    this.k = k;
    this.n = bias.length;
    this.panels = Math.ceilDiv(n, instruction.columns);
    long weightBytes = panels * panelBytes();
    MemorySegment memory = large.allocate(weightBytes + 4L * panels * instruction.columns);
    this.weights = memory.asSlice(0, weightBytes);
    this.bias = memory.asSlice(weightBytes);
    MemorySegment.copy(bias, 0, this.bias, ValueLayout.JAVA_FLOAT, 0, n);
    pack(rows);
  }

  /** Panel by panel in the heap, then out of it. */
  private void pack(List<WeightRows> rows) {
    int columns = instruction.columns;
    int[] packed = new int[Math.ceilDiv(k, 2) * columns];
    WeightPacking.forEachPanel(
        k,
        columns,
        n,
        rows,
        (panel, values) -> {
          WeightPacking.bf16Pairs(values, k, columns, packed);
          MemorySegment.copy(
              packed, 0, weights, ValueLayout.JAVA_INT, panel * panelBytes(), packed.length);
        });
  }

  /**
   * Returns K.
   *
   * @return the number of inputs
   */
  public int inFeatures() {
    return k;
  }

  /**
   * Returns N.
   *
   * @return the number of outputs
   */
  public int outFeatures() {
    return n;
  }

  /**
   * Returns how many panels there are.
   *
   * @return N divided by a panel's width, rounded up
   */
  public int panels() {
    return panels;
  }

  /**
   * Returns the memory they take.
   *
   * @return bytes
   */
  public long bytes() {
    return weights.byteSize() + bias.byteSize();
  }

  Bf16Instruction instruction() {
    return instruction;
  }

  /** Steps of the kernel along K. */
  int steps() {
    return Math.ceilDiv(k, instruction.step);
  }

  long panelBytes() {
    return 2L * instruction.depth(k) * instruction.columns;
  }

  long panelAddress(int panel) {
    return weights.address() + panel * panelBytes();
  }

  long biasAddress(int panel) {
    return bias.address() + 4L * panel * instruction.columns;
  }
}
