package io.github.bunvec.kernels.cuda.device;

/** There is not as much memory on the GPU as was asked for. */
public final class OutOfGpuMemoryException extends GpuException {

  private static final long serialVersionUID = 1L;

  private final long asked;
  private final long free;

  /**
   * Creates one.
   *
   * @param gpu which GPU
   * @param asked bytes that were asked for
   * @param free bytes that are free
   */
  public OutOfGpuMemoryException(String gpu, long asked, long free) {
    super("%s has %,d MB free, %,d MB are needed".formatted(gpu, free >> 20, (asked >> 20) + 1));
    this.asked = asked;
    this.free = free;
  }

  /**
   * Returns what was asked for.
   *
   * @return bytes
   */
  public long asked() {
    return asked;
  }

  /**
   * Returns what was free then.
   *
   * @return bytes
   */
  public long free() {
    return free;
  }
}
