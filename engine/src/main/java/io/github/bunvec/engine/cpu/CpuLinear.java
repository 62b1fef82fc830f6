package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.Linear;

/** A linear layer packed for one backend's micro-kernels. */
sealed interface CpuLinear extends CpuHandle, Linear
    permits CpuLinearFp32, CpuLinearEmitted, CpuLinearBf16 {

  /** Returns how many parts of the outputs can be computed apart. */
  int panels();

  /**
   * Makes a member ready to compute panels: called once, before its first.
   *
   * @param m rows
   * @param memory where A is, in its values
   * @param offset where A starts
   * @param lda its leading dimension
   * @param own the member's own workspace
   */
  void prepare(int m, Workspace memory, int offset, int lda, Workspace own);

  /**
   * Computes the panels {@code from .. to} and applies the activation.
   *
   * @param activation what follows
   * @param from first panel
   * @param to one past the last
   * @param ahead whether the panels behind them are likely to be next
   * @param m rows
   * @param memory where A and C are, in its values
   * @param aOffset where A starts
   * @param lda leading dimension of A
   * @param cOffset where C starts
   * @param ldc leading dimension of C
   * @param own the member's own workspace, {@link #prepare}d
   */
  void multiply(
      Activation activation,
      int from,
      int to,
      boolean ahead,
      int m,
      Workspace memory,
      int aOffset,
      int lda,
      int cOffset,
      int ldc,
      Workspace own);
}
