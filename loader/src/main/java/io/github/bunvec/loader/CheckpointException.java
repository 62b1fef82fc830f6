package io.github.bunvec.loader;

import java.io.Serial;

/**
 * A file of a model directory is not what it should be.
 *
 * <p>The message names file, thing, found and expected. It is one line whatever the file holds:
 * control characters are escaped.
 */
public final class CheckpointException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message file, thing, what was found, what was expected and what to do
   */
  public CheckpointException(String message) {
    super(Quoted.escaped(message));
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message file, thing, what was found, what was expected and what to do
   * @param cause what led to it
   */
  public CheckpointException(String message, Throwable cause) {
    super(Quoted.escaped(message), cause);
  }
}
