package io.github.bunvec.kernels.cuda.launch;

import io.github.bunvec.kernels.cuda.device.ElementType;

/**
 * A matrix on the device, row-major, with room for the rows of a bucket.
 *
 * @param type what it holds
 * @param address where row 0 starts; a multiple of 16
 * @param width values of a row
 * @param stride from row to row, in values; a multiple of 8
 * @param most rows there is room for
 * @param count address of the int that says how many rows there are
 */
public record Matrix(ElementType type, long address, int width, int stride, int most, long count) {

  /** Checks what every kernel requires of its matrices. */
  public Matrix {
    if (address % 16 != 0 || stride % 8 != 0) {
      throw new IllegalArgumentException(
          "matrix at address %d with stride %d, expected multiples of 16 and 8"
              .formatted(address, stride));
    }
    if (width < 1 || stride < width || most < 1) {
      throw new IllegalArgumentException(
          "matrix of %d rows of %d values, %d from row to row".formatted(most, width, stride));
    }
  }
}
