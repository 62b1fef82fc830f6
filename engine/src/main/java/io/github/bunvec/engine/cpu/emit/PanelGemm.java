package io.github.bunvec.engine.cpu.emit;

import io.github.bunvec.engine.cpu.kernel.Gemm;
import io.github.bunvec.engine.cpu.kernel.WeightRows;
import io.github.bunvec.engine.spi.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Matrix products in FP32 by machine code: {@code C = A W^T + bias} panel by panel, with the bits
 * of {@link Gemm#linear}.
 */
public final class PanelGemm implements AutoCloseable {

  /**
   * From so many rows on BF16 weights are unpacked before they are multiplied: of 128 rows 1.04
   * times, of 256 1.03 times as fast, of 64 slower (decision 0030).
   */
  private static final int UNPACKED_ROWS = 96;

  private final EmittedGemmKernel kernel;
  private final Arena arena = Arena.ofShared();
  private final LargeMemory large = new LargeMemory(arena);

  /**
   * Prepares memory for weights.
   *
   * @param kernel the micro-kernels, from {@link PanelOffer}
   */
  public PanelGemm(EmittedGemmKernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Returns how many rows the largest register tile has.
   *
   * @return rows
   */
  public int rows() {
    return kernel.rows();
  }

  /**
   * Returns the width of a panel, which is a register tile's.
   *
   * @return columns, a multiple of every vector length
   */
  public int columns() {
    return kernel.columns();
  }

  /**
   * Packs a layer; it stays until this is closed.
   *
   * @param type how weights are kept; for BF16 they are rounded to nearest even
   * @param k the number of inputs
   * @param weights matrices to stack, each [outputs, k]
   * @param bias [sum of outputs]
   * @return the packed layer
   * @throws IllegalArgumentException if weights and bias have different numbers of outputs
   */
  public PanelWeights pack(WeightType type, int k, List<WeightRows> weights, float[] bias) {
    return new PanelWeights(kernel, type, k, weights, bias, large);
  }

  /**
   * Computes one panel without an activation, and allocates nothing.
   *
   * @param weights W and the bias
   * @param panel which panel
   * @param next whether the panel behind it is the caller's next one: it is prefetched. Where
   *     another thread takes that, fetching it here would only cost bandwidth
   * @param m rows, at least 1
   * @param values where A and C are; both must lie within it
   * @param aOffset where A starts
   * @param lda leading dimension of A
   * @param cOffset where C starts
   * @param ldc leading dimension of C
   * @param unpacked the calling thread's
   */
  public void panel(
      PanelWeights weights,
      int panel,
      boolean next,
      int m,
      MemorySegment values,
      int aOffset,
      int lda,
      int cOffset,
      int ldc,
      UnpackedPanel unpacked) {
    int k = weights.inFeatures();
    int depth = kernel.form().depth;
    int column = cOffset + panel * columns();
    boolean unpack = weights.isBf16() && m >= UNPACKED_ROWS;
    long room = unpack ? unpacked.address(4L * depth * columns()) : 0;
    for (int p = 0; p < k; p += depth) {
      boolean first = p == 0;
      int steps = Math.min(depth, k - p);
      long from = weights.address(panel, p);
      long b = from;
      if (unpack) {
        kernel.unpack(from, steps, room);
        b = room;
      }
      // What comes behind these k rows: the next part of the panel, or the next panel.
      long end = from + (long) steps * kernel.form().bytesPerStep(weights.isBf16());
      kernel.multiply(
          unpack ? kernel.unpacked : weights.isBf16() ? kernel.bf16 : kernel.fp32,
          next || p + depth < k ? end - b : 0,
          m,
          steps,
          values,
          aOffset + p,
          lda,
          MemorySegment.NULL,
          b,
          first ? MemorySegment.NULL : values,
          first ? weights.biasAddress(panel) : 4L * column,
          first ? 0 : ldc,
          values,
          column,
          ldc);
    }
  }

  /** Frees all weights packed; nothing may be running. Idempotent. */
  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
