package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.kernel.Gemm;
import io.github.bunvec.engine.cpu.kernel.PackedMatrix;
import io.github.bunvec.engine.spi.Activation;

/** A linear layer multiplied in FP32, whatever its weights are kept in. */
record CpuLinearFp32(CpuBackend owner, PackedMatrix matrix) implements CpuLinear {

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
      boolean ahead,
      int m,
      Workspace memory,
      int aOffset,
      int lda,
      int cOffset,
      int ldc,
      Workspace own) {
    float[] values = memory.values();
    Gemm.linear(
        owner.kernel(),
        matrix,
        activation,
        from,
        to,
        m,
        values,
        aOffset,
        lda,
        values,
        cOffset,
        ldc);
  }
}
