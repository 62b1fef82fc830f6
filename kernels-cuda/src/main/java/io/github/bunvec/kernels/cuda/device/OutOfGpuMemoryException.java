package io.github.bunvec.kernels.cuda.device;

/** There is not as much memory on the GPU as was asked for. */
public final class OutOfGpuMemoryException extends GpuException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param gpu which GPU
   * @param asked bytes that were asked for
   * @param free bytes that are free
   */
  public OutOfGpuMemoryException(String gpu, long asked, long free) {
    super("%s has %,d MB free, %,d MB are needed".formatted(gpu, free >> 20, (asked >> 20) + 1));
  }
}
