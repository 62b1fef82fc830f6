/**
 * NVIDIA's driver and cuBLASLt behind the seam {@code device}, through JavaCPP's bindings. The only
 * package that loads their classes, so that a machine without the libraries fails here alone.
 */
@org.jspecify.annotations.NullMarked
package io.github.bunvec.kernels.cuda.nvidia;
