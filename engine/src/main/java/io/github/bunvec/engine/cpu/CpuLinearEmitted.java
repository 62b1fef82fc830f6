package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.emit.PanelGemm;
import io.github.bunvec.engine.cpu.emit.PanelWeights;
import io.github.bunvec.engine.cpu.kernel.Activations;
import io.github.bunvec.engine.cpu.kernel.Gemm;
import io.github.bunvec.engine.spi.Activation;

/** A linear layer multiplied in FP32 by emitted code: the bits of {@link CpuLinearFp32}. */
record CpuLinearEmitted(CpuBackend owner, PanelGemm gemm, PanelWeights weights)
    implements CpuLinear {

  @Override
  public int inFeatures() {
    return weights.inFeatures();
  }

  @Override
  public int outFeatures() {
    return weights.outFeatures();
  }

  @Override
  public int panels() {
    return weights.panels();
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
    int columns = gemm.columns();
    Gemm.check(m, inFeatures(), memory.values().length, aOffset, lda);
    Gemm.check(m, weights.panels() * columns, memory.values().length, cOffset, ldc);
    for (int panel = from; panel < to; panel++) {
      gemm.panel(
          weights,
          panel,
          ahead || panel + 1 < to,
          m,
          memory.segment(),
          aOffset,
          lda,
          cOffset,
          ldc,
          own.unpacked());
      Activations.apply(
          owner.kernel(), activation, m, columns, memory.values(), cOffset + panel * columns, ldc);
    }
  }
}
