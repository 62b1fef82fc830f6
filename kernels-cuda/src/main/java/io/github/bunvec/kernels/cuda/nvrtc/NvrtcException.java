package io.github.bunvec.kernels.cuda.nvrtc;

import java.io.Serial;

/** NVRTC is missing or refuses; the message says what was found and what to do. */
public final class NvrtcException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  NvrtcException(String message) {
    super(message);
  }

  NvrtcException(String message, Throwable cause) {
    super(message, cause);
  }
}
