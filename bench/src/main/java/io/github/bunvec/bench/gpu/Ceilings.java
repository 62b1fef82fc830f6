package io.github.bunvec.bench.gpu;

import io.github.bunvec.kernels.cuda.device.ElementType;

/**
 * What the device reached in this run, doing nothing but that.
 *
 * @param copied bytes of the block that was copied
 * @param bandwidth of a copy on the device, bytes read and written per second
 * @param bf16 operations per second of the best BF16 product
 * @param fp32 of the best FP32 product
 * @param tf32 of the best product of FP32 rounded to TF32
 */
record Ceilings(long copied, double bandwidth, double bf16, double fp32, double tf32) {

  /** Returns what products of a type reach. */
  double flops(ElementType type) {
    return type == ElementType.BF16 ? bf16 : fp32;
  }
}
