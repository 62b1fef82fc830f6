package io.github.bunvec.kernels.cuda.nvidia;

/** Gives the machine code of kernels for a GPU. */
@FunctionalInterface
public interface KernelCode {

  /**
   * Returns the code of a kernel file; safe for concurrent use.
   *
   * @param file its name without {@code .cu}
   * @return what {@code cuModuleLoadData} takes
   */
  byte[] of(String file);
}
