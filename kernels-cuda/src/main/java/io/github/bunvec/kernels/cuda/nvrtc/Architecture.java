package io.github.bunvec.kernels.cuda.nvrtc;

/**
 * A GPU's compute capability, whose machine code is its own.
 *
 * @param major 9 of 9.0
 * @param minor 0 of 9.0
 */
public record Architecture(int major, int minor) {

  /** Checks that there can be such a one. */
  public Architecture {
    if (major < 1 || minor < 0 || minor > 9) {
      throw new IllegalArgumentException(
          "compute capability " + major + "." + minor + ", expected one such as 9.0");
    }
  }

  /** Returns the number NVRTC lists it by, 90 of 9.0. */
  int number() {
    return 10 * major + minor;
  }

  /**
   * Returns the name of its machine code.
   *
   * @return for example {@code sm_90}
   */
  @Override
  public String toString() {
    return "sm_" + number();
  }
}
