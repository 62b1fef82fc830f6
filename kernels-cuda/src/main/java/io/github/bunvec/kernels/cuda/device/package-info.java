/**
 * A GPU as the backend sees it: memory, streams, kernels, matrix products and graphs. Behind it are
 * the driver and cuBLASLt, or in tests kernels that run on the CPU.
 */
@org.jspecify.annotations.NullMarked
package io.github.bunvec.kernels.cuda.device;
