package io.github.bunvec.kernels.cuda.device;

/**
 * A matrix product {@code C = A W^T + bias}, summed in FP32, and GELU in its tanh form of that
 * where it is asked for.
 *
 * <pre>
 *   A     [m, k] of in, row-major, leading dimension lda     W  [n, k] of in, row-major
 *   bias  [n] of out                  C  [m, n] of out, row-major, leading dimension ldc
 * </pre>
 *
 * <p>Addresses are multiples of 16, leading dimensions of 8. A row of C has the same bits whatever
 * m is and whatever the other rows are.
 *
 * @param in what A and W hold
 * @param out what the bias and C hold: F32, or as {@code in}
 * @param m rows
 * @param n outputs
 * @param k inputs
 * @param a address of A
 * @param lda its leading dimension, in values
 * @param w address of W
 * @param bias address of the bias
 * @param c address of C
 * @param ldc its leading dimension, in values
 * @param gelu whether GELU follows, approximated by tanh
 */
public record Product(
    ElementType in,
    ElementType out,
    int m,
    int n,
    int k,
    long a,
    int lda,
    long w,
    long bias,
    long c,
    int ldc,
    boolean gelu) {

  /** Checks that leading dimensions are large enough. */
  public Product {
    if (m < 1 || n < 1 || k < 1 || lda < k || ldc < n) {
      throw new IllegalArgumentException(
          "product of m=%d n=%d k=%d with lda=%d ldc=%d".formatted(m, n, k, lda, ldc));
    }
  }

  /**
   * What decides which algorithm computes it.
   *
   * @param in what A and W hold
   * @param out what C holds
   * @param n outputs
   * @param k inputs
   * @param gelu whether GELU follows
   */
  public record Shape(ElementType in, ElementType out, int n, int k, boolean gelu) {

    @Override
    public String toString() {
      return "a product of %s and %s values, n=%d k=%d%s"
          .formatted(in, out, n, k, gelu ? " with GELU" : "");
    }
  }

  /**
   * Returns what decides which algorithm computes it, m left out.
   *
   * @return the shape
   */
  public Shape shape() {
    return new Shape(in, out, n, k, gelu);
  }
}
