package io.github.bunvec.kernels.cuda;

import io.github.bunvec.kernels.cuda.device.OutOfGpuMemoryException;

/** A model or a batch does not fit a GPU; says how much was needed and what reduces it. */
final class OutOfMemoryException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  OutOfMemoryException(String message, OutOfGpuMemoryException cause) {
    super(message, cause);
  }
}
