package io.github.bunvec.engine.spi;

/**
 * A linear layer {@code y = x W^T + b} as a backend keeps it.
 *
 * <p>Valid only with the backend that made it.
 */
public interface Linear {

  /**
   * Returns the width of {@code x}.
   *
   * @return the number of input features
   */
  int inFeatures();

  /**
   * Returns the width of {@code y}.
   *
   * @return the number of output features
   */
  int outFeatures();
}
