package io.github.bunvec.kernels.cuda.device;

/** A GPU, its driver or one of its libraries refused something; the message says what. */
public class GpuException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param message what was refused, and what to do
   */
  public GpuException(String message) {
    super(message);
  }

  /**
   * Creates one with a cause.
   *
   * @param message what was refused, and what to do
   * @param cause what it came from
   */
  public GpuException(String message, Throwable cause) {
    super(message, cause);
  }
}
