package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendContract;
import io.github.bunvec.engine.spi.WeightType;

/** The contract of every backend, on this machine's GPU. */
class GpuFp32Test extends BackendContract {

  @Override
  protected Backend backend(WeightType weightType, int threads) {
    return InstalledGpu.backend(weightType, Arithmetic.FP32, threads);
  }
}
