package io.github.bunvec.hub;

import java.io.IOException;
import java.io.Serial;

/**
 * A model cannot be found or downloaded.
 *
 * <p>The message names the model or file, what was found and what to do. It is one line whatever a
 * server says, and holds no token and no signed address.
 */
public final class HubException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  /** Whether the same request may succeed later. */
  private final boolean transientFailure;

  /**
   * Creates an exception.
   *
   * @param message what failed and what to do
   */
  public HubException(String message) {
    super(oneLine(message));
    this.transientFailure = false;
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message what failed and what to do
   * @param cause what led to it
   */
  public HubException(String message, Throwable cause) {
    super(oneLine(message), cause);
    this.transientFailure = false;
  }

  private HubException(String message, Throwable cause, boolean transientFailure) {
    super(oneLine(message), cause);
    this.transientFailure = transientFailure;
  }

  /** The Hub cannot be reached or is not able to answer: what is cached may be used instead. */
  static HubException unavailable(String message, Throwable cause) {
    return new HubException(message, cause, true);
  }

  boolean isUnavailable() {
    return transientFailure;
  }

  private static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.chars()
        .forEach(
            c -> {
              if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                line.append(String.format("\\u%04x", c));
              } else {
                line.append((char) c);
              }
            });
    return line.toString();
  }
}
