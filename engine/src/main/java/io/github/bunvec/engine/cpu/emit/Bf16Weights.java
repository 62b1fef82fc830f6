package io.github.bunvec.engine.cpu.emit;

import io.github.bunvec.engine.cpu.kernel.Bfloat16;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
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
      Bf16Instruction instruction, int k, List<float[]> matrices, float[] bias, Arena arena) {
    this.instruction = instruction;
    this.k = k;
    this.n = bias.length;
    this.panels = Math.ceilDiv(n, instruction.columns);
    long weightBytes = panels * panelBytes();
    MemorySegment memory =
        LinuxMemory.mapLarge(weightBytes + 4L * panels * instruction.columns, arena);
    this.weights = memory.asSlice(0, weightBytes);
    this.bias = memory.asSlice(weightBytes);
    MemorySegment.copy(bias, 0, this.bias, ValueLayout.JAVA_FLOAT, 0, n);
    pack(matrices);
  }

  /** Panel by panel in the heap, which fits a cache, then out of it. */
  private void pack(List<float[]> matrices) {
    int columns = instruction.columns;
    int[] panel = new int[(int) (panelBytes() / 4)];
    int j = 0;
    for (float[] matrix : matrices) {
      for (int row = 0; row < matrix.length / k; row++, j++) {
        if (j >= n) {
          throw new IllegalArgumentException("the weights have more outputs than the bias, " + n);
        }
        for (int p = 0; p < k; p++) {
          int bits = Bfloat16.fromFloat(matrix[row * k + p]);
          panel[p / 2 * columns + j % columns] |= bits << (p % 2 * 16);
        }
        if (j % columns == columns - 1 || j == n - 1) {
          MemorySegment.copy(
              panel, 0, weights, ValueLayout.JAVA_INT, j / columns * panelBytes(), panel.length);
          Arrays.fill(panel, 0);
        }
      }
    }
    if (j != n) {
      throw new IllegalArgumentException("weights have " + j + " outputs, the bias has " + n);
    }
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
