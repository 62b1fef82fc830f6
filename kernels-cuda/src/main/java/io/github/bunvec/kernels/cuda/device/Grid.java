package io.github.bunvec.kernels.cuda.device;

/**
 * How many blocks and threads a kernel is launched with.
 *
 * @param x blocks along x
 * @param y blocks along y
 * @param block threads of a block
 */
public record Grid(int x, int y, int block) {

  /** Checks what every GPU allows. */
  public Grid {
    if (x < 1 || y < 1 || y > 65_535 || block < 1 || block > 1024) {
      throw new IllegalArgumentException(
          "grid of %d x %d blocks of %d threads".formatted(x, y, block));
    }
  }
}
