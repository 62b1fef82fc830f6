package io.github.bunvec.engine.spi;

/**
 * A layer normalisation {@code y = (x - mean) / sqrt(variance + eps) * weight + bias} as a backend
 * keeps it; mean and variance are those of the row, the variance divided by the row's width.
 *
 * <p>Valid only with the backend that made it.
 */
public interface LayerNorm {

  /**
   * Returns the width of a row.
   *
   * @return the number of features
   */
  int features();
}
