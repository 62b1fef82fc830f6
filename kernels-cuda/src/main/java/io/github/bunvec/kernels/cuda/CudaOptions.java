package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.kernels.cuda.device.ElementType;

/**
 * How a backend computes.
 *
 * @param weightType what weights are rounded to
 * @param arithmetic FP32, TF32 or BF16; AUTO becomes BF16, which every GPU served has matrix units
 *     for
 * @param lanes streams of each GPU
 * @param limit the largest chunk
 * @param tanhGelu whether GELU is cuBLASLt's, fused into the product and approximated by tanh
 */
record CudaOptions(
    WeightType weightType, Arithmetic arithmetic, int lanes, Bucket limit, boolean tanhGelu) {

  /** Decides what is left to the backend. */
  CudaOptions {
    arithmetic = arithmetic == Arithmetic.AUTO ? Arithmetic.BF16 : arithmetic;
  }

  /** Returns what rows of tokens are kept in. */
  ElementType tokenType() {
    return arithmetic == Arithmetic.BF16 ? ElementType.BF16 : ElementType.F32;
  }

  /** Returns whether an activation is the product's. */
  boolean fused(Activation activation) {
    return tanhGelu && (activation == Activation.GELU || activation == Activation.GELU_TANH);
  }
}
