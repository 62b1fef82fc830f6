package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.WeightType;

/** BF16 arithmetic on this machine's GPU. */
class GpuBf16Test extends Bf16Contract {

  @Override
  protected Backend backend(WeightType weightType, int threads) {
    return InstalledGpu.backend(weightType, Arithmetic.BF16, threads);
  }
}
