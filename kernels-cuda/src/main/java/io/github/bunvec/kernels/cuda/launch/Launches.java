package io.github.bunvec.kernels.cuda.launch;

import io.github.bunvec.kernels.cuda.device.Grid;

/** What launches have in common. */
final class Launches {

  /** Rows of a block where a warp has one, or a thread several. */
  private static final int ROWS_PER_BLOCK = 4;

  private static final int BLOCK = 128;

  private Launches() {}

  /** Blocks of four rows. */
  static Grid rows(int rows) {
    return rows(rows, 1);
  }

  /** Blocks of four rows and of so many parts of a row. */
  static Grid rows(int rows, int parts) {
    return new Grid(Math.ceilDiv(rows, ROWS_PER_BLOCK), parts, BLOCK);
  }

  /** Blocks of four rows, of which a thread has a chunk of 16 bytes. */
  static Grid chunks(Matrix x) {
    return rows(x.most(), Math.ceilDiv(x.width() * x.type().bytes(), 16 * BLOCK));
  }

  static void requireWidth(String what, int found, int expected) {
    if (found != expected) {
      throw new IllegalArgumentException(
          what + " width is " + found + ", the weights have " + expected);
    }
  }

  static void requireSameRows(Matrix a, Matrix b) {
    if (a.count() != b.count()) {
      throw new IllegalArgumentException(a + " and " + b + " have other rows");
    }
  }
}
