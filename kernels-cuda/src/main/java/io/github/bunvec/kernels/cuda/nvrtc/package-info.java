/**
 * From a kernel's CUDA source to its machine code: NVRTC, NVIDIA's compiler as a library, called
 * without JavaCPP, so that it needs neither a GPU nor a driver, and a cache of what it made.
 *
 * <p>Start at {@link io.github.bunvec.kernels.cuda.nvrtc.KernelCompiler}.
 */
package io.github.bunvec.kernels.cuda.nvrtc;
