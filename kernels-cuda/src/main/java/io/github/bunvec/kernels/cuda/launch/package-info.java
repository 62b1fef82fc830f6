/** Launches the kernels: one class for each {@code .cu} file, which has the contract. */
@org.jspecify.annotations.NullMarked
package io.github.bunvec.kernels.cuda.launch;
