package io.github.bunvec.engine.cpu.emit;

import io.github.bunvec.engine.cpu.kernel.WeightPacking;
import io.github.bunvec.engine.cpu.kernel.WeightRows;
import io.github.bunvec.engine.spi.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The weights of a linear layer in the order of {@link
 * io.github.bunvec.engine.cpu.kernel.PackedMatrix PackedMatrix}, outside the heap, with the bias
 * beside.
 *
 * <p>Outside the heap every vector begins on a cache line, where an array's begin 16 bytes behind
 * one and each load would touch two; and the pages are huge.
 */
public final class PanelWeights {

  private final PanelForm form;
  private final WeightType type;
  private final int k;
  private final int n;
  private final MemorySegment weights;
  private final MemorySegment bias;

  PanelWeights(
      EmittedGemmKernel kernel,
      WeightType type,
      int k,
      List<WeightRows> rows,
      float[] bias,
      LargeMemory large) {
    this.form = kernel.form();
    this.type = type;
    this.k = k;
    this.n = bias.length;
    int nr = form.columns();
    long weightBytes = (long) panels() * k * rowBytes();
    MemorySegment memory = large.allocate(weightBytes + 4L * panels() * nr);
    this.weights = memory.asSlice(0, weightBytes);
    this.bias = memory.asSlice(weightBytes);
    MemorySegment.copy(bias, 0, this.bias, ValueLayout.JAVA_FLOAT, 0, n);
    WeightPacking.forEachPanel(k, nr, n, rows, type == WeightType.FP32 ? fp32(kernel) : bf16(nr));
  }

  private WeightPacking.Target fp32(EmittedGemmKernel kernel) {
    return (panel, rows) -> kernel.transpose(rows, k, address(panel, 0));
  }

  /** Panel by panel in the heap, then out of it. */
  private WeightPacking.Target bf16(int nr) {
    int[] packed = new int[k * nr / 2];
    return (panel, rows) -> {
      WeightPacking.bf16(rows, k, nr, form.lanes, packed, 0);
      MemorySegment.copy(packed, 0, weights, ValueLayout.JAVA_INT, offset(panel, 0), packed.length);
    };
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
    return Math.ceilDiv(n, form.columns());
  }

  /**
   * Returns the memory they take.
   *
   * @return bytes
   */
  public long bytes() {
    return weights.byteSize() + bias.byteSize();
  }

  boolean isBf16() {
    return type == WeightType.BF16;
  }

  /** Where a row of a panel is, as an address. */
  long address(int panel, int p) {
    return weights.address() + offset(panel, p);
  }

  /** Where the bias of a panel is, as an address. */
  long biasAddress(int panel) {
    return bias.address() + 4L * panel * form.columns();
  }

  private long offset(int panel, int p) {
    return ((long) panel * k + p) * rowBytes();
  }

  private int rowBytes() {
    return form.bytesPerStep(isBf16());
  }
}
