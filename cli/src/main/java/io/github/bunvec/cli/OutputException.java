package io.github.bunvec.cli;

import java.io.IOException;
import java.io.Serial;

/** Results could not be written. */
final class OutputException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  OutputException(String name, IOException cause) {
    super(name + ": " + cause.getMessage(), cause);
  }

  /** Returns whether the reader has gone; the launcher's locale keeps the system's English. */
  boolean brokenPipe() {
    Throwable cause = getCause();
    return cause != null
        && cause.getMessage() != null
        && (cause.getMessage().contains("Broken pipe")
            || cause.getMessage().contains("Connection reset"));
  }
}
