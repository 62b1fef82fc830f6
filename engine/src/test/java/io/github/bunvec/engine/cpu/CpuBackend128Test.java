package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendContract;
import io.github.bunvec.engine.spi.WeightType;

class CpuBackend128Test extends BackendContract {

  @Override
  protected Backend backend(WeightType weightType, int threads) {
    return new CpuBackend(GemmKernel.ofBits(128), weightType, threads);
  }
}
