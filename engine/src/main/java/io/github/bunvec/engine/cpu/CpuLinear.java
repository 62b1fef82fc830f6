package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.kernel.PackedMatrix;
import io.github.bunvec.engine.spi.Linear;

/** A linear layer packed for one backend's micro-kernels. */
record CpuLinear(CpuBackend owner, PackedMatrix matrix) implements CpuHandle, Linear {

  @Override
  public int inFeatures() {
    return matrix.inFeatures();
  }

  @Override
  public int outFeatures() {
    return matrix.outFeatures();
  }
}
