package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.emit.EmittedGemmKernel;
import io.github.bunvec.engine.cpu.kernel.Activations;
import io.github.bunvec.engine.cpu.kernel.Gemm;
import io.github.bunvec.engine.cpu.kernel.PackedMatrix;
import io.github.bunvec.engine.spi.Activation;

/** A linear layer multiplied in FP32 by emitted code: the bits of {@link CpuLinearFp32}. */
record CpuLinearEmitted(CpuBackend owner, EmittedGemmKernel kernel, PackedMatrix matrix)
    implements CpuLinear {

  @Override
  public int inFeatures() {
    return matrix.inFeatures();
  }

  @Override
  public int outFeatures() {
    return matrix.outFeatures();
  }

  @Override
  public int panels() {
    return matrix.panels();
  }

  @Override
  public void prepare(int m, Workspace memory, int offset, int lda, Workspace own) {}

  @Override
  public void multiply(
      Activation activation,
      int from,
      int to,
      int m,
      Workspace memory,
      int aOffset,
      int lda,
      int cOffset,
      int ldc,
      Workspace own) {
    int columns = kernel.columns();
    Gemm.check(m, inFeatures(), memory.values().length, aOffset, lda);
    Gemm.check(m, matrix.panels() * columns, memory.values().length, cOffset, ldc);
    for (int panel = from; panel < to; panel++) {
      kernel.panel(matrix, panel, panel + 1 < to, m, memory.segment(), aOffset, lda, cOffset, ldc);
      Activations.apply(
          owner.kernel(), activation, m, columns, memory.values(), cOffset + panel * columns, ldc);
    }
  }
}
