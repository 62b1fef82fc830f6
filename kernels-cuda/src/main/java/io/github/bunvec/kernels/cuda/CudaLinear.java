package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.Linear;
import io.github.bunvec.kernels.cuda.device.ElementType;

/**
 * A linear layer on every device of a backend.
 *
 * @param inFeatures K
 * @param outFeatures N
 * @param weights address of [N, K], by device
 * @param bias address of [N] floats, by device
 * @param narrowBias address of the bias in the type of token rows, by device; in FP32 the same
 */
record CudaLinear(
    CudaBackend owner,
    int inFeatures,
    int outFeatures,
    long[] weights,
    long[] bias,
    long[] narrowBias)
    implements CudaHandle, Linear {

  /** Returns where the bias is that goes with results of a type. */
  long bias(int device, ElementType out) {
    return (out == ElementType.F32 ? bias : narrowBias)[device];
  }
}
