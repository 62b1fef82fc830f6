package io.github.bunvec.kernels.cuda.nvidia;

import java.lang.foreign.MemorySegment;

/**
 * A way of cuBLASLt to compute a product.
 *
 * @param bits its {@code cublasLtMatmulAlgo_t}, which stays as it is
 */
public record Algorithm(MemorySegment bits) {}
