package io.github.bunvec.engine.cpu.kernel;

/**
 * The micro-kernels of one vector width.
 *
 * <pre>
 *   C[m x nr] = init[m x nr] + A[m x k] * B[k x nr]
 *
 *   A     row-major, leading dimension lda
 *   B     one panel of a {@link PackedMatrix}: k rows of nr = columns() consecutive values
 *   init  row-major, leading dimension initStride: 0 adds one row, a bias, to every row of C;
 *         C itself continues a sum over an earlier part of k
 *   C     row-major, leading dimension ldc; read only where it is init
 * </pre>
 *
 * <p>Requires m, k at least 1 and every element above within its array; C overlaps neither A nor B.
 * Every element is summed in float with fused multiply-add, one accumulator, k ascending: the
 * result is the same to the bit for every width, every m and every way to cut k, which is what
 * makes vectors independent of the batch. Error at most {@code k * eps * sum |a||b|}.
 *
 * <p>Everything is {@code float[]} and int-indexed because C2 compiles that form to near the FMA
 * ceiling at every width, given registers for its tile, and memory segments at some widths only
 * (decision 0003). Each tile is one method of named locals: a vector in an array, a field or a
 * signature would be boxed.
 */
public interface GemmKernel {

  /**
   * Returns the vector length.
   *
   * @return floats per vector
   */
  int lanes();

  /**
   * Returns MR, how many rows the largest tile has.
   *
   * @return rows
   */
  int rows();

  /**
   * Returns NR, the width of a panel.
   *
   * @return columns, a multiple of {@link #lanes}
   */
  int columns();

  /**
   * Returns whether vectors are fast by now: until the JVM has compiled what uses them, each is an
   * object, and {@link PlainElements} does instead of other kernels, too.
   *
   * @return false only at the start of a process
   */
  default boolean compiled() {
    return true;
  }

  /**
   * Multiplies one FP32 panel.
   *
   * @param m rows of A and C
   * @param k columns of A, rows of B
   * @param a A
   * @param aOffset where A starts
   * @param lda leading dimension of A
   * @param b B
   * @param bOffset where the panel starts
   * @param init what the sums start from
   * @param initOffset where it starts
   * @param initStride its leading dimension, or 0
   * @param c C
   * @param cOffset where C starts
   * @param ldc leading dimension of C
   */
  void panel(
      int m,
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc);

  /**
   * Multiplies one BF16 panel.
   *
   * <p>An int of B holds two weights: of columns {@code 2 v lanes + j} (lower half) and {@code (2 v
   * + 1) lanes + j} (upper half), so that a shift and a mask unpack two whole vectors.
   *
   * @param m rows of A and C
   * @param k columns of A, rows of B
   * @param a A
   * @param aOffset where A starts
   * @param lda leading dimension of A
   * @param b B; k rows of columns() / 2 ints
   * @param bOffset where the panel starts
   * @param init what the sums start from
   * @param initOffset where it starts
   * @param initStride its leading dimension, or 0
   * @param c C
   * @param cOffset where C starts
   * @param ldc leading dimension of C
   */
  void panelBf16(
      int m,
      int k,
      float[] a,
      int aOffset,
      int lda,
      int[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc);

  /**
   * Returns how many rows the next register tile takes.
   *
   * <p>Rows are spread evenly over as few tiles as possible: 8 rows are 4 and 4, not 6 and 2, since
   * short tiles read as many weights as tall ones and do less with them.
   *
   * @param left rows still to do, at least 1
   * @param most rows of the tallest tile
   * @return 1 to {@code most}
   */
  static int rowsOfTile(int left, int most) {
    int tiles = (left + most - 1) / most;
    return (left + tiles - 1) / tiles;
  }

  /**
   * Returns a kernel's plain-loop twin: the same panels, the same bits, no vectors.
   *
   * @param kernel the kernel
   * @return its twin
   */
  static GemmKernel plain(GemmKernel kernel) {
    return new PlainGemmKernel(kernel);
  }

  /**
   * Returns the micro-kernels of a vector width.
   *
   * @param bits 512, 256 or 128
   * @return the micro-kernels
   */
  static GemmKernel ofBits(int bits) {
    return switch (bits) {
      case 512 -> new GemmKernel512();
      case 256 -> new GemmKernel256();
      case 128 -> new GemmKernel128();
      default ->
          throw new IllegalArgumentException(
              "vector width is " + bits + " bits, expected 128, 256 or 512");
    };
  }
}
