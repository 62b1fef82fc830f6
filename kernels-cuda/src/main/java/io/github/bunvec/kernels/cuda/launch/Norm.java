package io.github.bunvec.kernels.cuda.launch;

/**
 * What rows are normalised with.
 *
 * @param width values of a row
 * @param gamma address of [width] floats, a multiple of 16
 * @param beta address of [width] floats, a multiple of 16
 * @param eps what is added to the variance
 */
public record Norm(int width, long gamma, long beta, float eps) {

  long epsBits() {
    return Integer.toUnsignedLong(Float.floatToRawIntBits(eps));
  }

  /** Checks that a matrix has its width. */
  void requireWidth(Matrix x) {
    Launches.requireWidth("row", x.width(), width);
  }
}
