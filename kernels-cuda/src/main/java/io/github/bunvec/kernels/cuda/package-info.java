/** The CUDA backend. */
package io.github.bunvec.kernels.cuda;
