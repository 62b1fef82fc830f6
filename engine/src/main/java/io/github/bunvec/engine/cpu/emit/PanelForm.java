package io.github.bunvec.engine.cpu.emit;

import io.github.bunvec.engine.cpu.kernel.Gemm;

/**
 * The instruction sets that {@link PanelCode} is written for, with the register tile each has room
 * for: six rows in either.
 */
public enum PanelForm {
  /**
   * 6 x 64: of 32 registers 24 are accumulators, four weights, one an input, one a mask. A round of
   * two steps has eight lines of FP32 weights, enough to fetch from four places in turn.
   */
  AVX512(16, 4, 2, Gemm.KC),

  /**
   * 6 x 16, AVX2 with FMA: of 16 registers 12 are accumulators, two weights, one an input, one a
   * mask. A round of four steps: cores of this kind take four instructions a cycle, and the loop's
   * own would cost them a tenth. Of 256 values along k the weights and the rows of a tile fit 32 KB
   * of L1.
   */
  AVX2(8, 2, 4, 256);

  /** Rows of the tallest tile. */
  static final int ROWS = 6;

  final int lanes; // floats of a vector
  final int vectors; // of a row of a tile
  final int steps; // along k in a round of the loop
  final int depth; // of a part of K

  PanelForm(int lanes, int vectors, int steps, int depth) {
    this.lanes = lanes;
    this.vectors = vectors;
    this.steps = steps;
    this.depth = depth;
  }

  /** Returns the width of a panel. */
  int columns() {
    return lanes * vectors;
  }

  /** Returns the bytes of the weights of a panel in one step along k. */
  int bytesPerStep(boolean bf16) {
    return columns() * (bf16 ? Short.BYTES : Float.BYTES);
  }

  /** Returns the cache lines of the weights of a panel in a round. */
  int linesPerRound(boolean bf16) {
    return steps * bytesPerStep(bf16) / 64;
  }

  /** Returns a vector register of its width. */
  VectorRegister register(int number) {
    return this == AVX512 ? new Zmm(number) : new Ymm(number);
  }
}
