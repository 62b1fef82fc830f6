package io.github.bunvec.hub;

import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request failed in a way that may be over soon. */
final class TransientFailure extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  private final @Nullable Duration retryAfter;

  TransientFailure(String message) {
    this(message, (Duration) null);
  }

  TransientFailure(String message, @Nullable Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  TransientFailure(String message, Throwable cause) {
    super(message, cause);
    this.retryAfter = null;
  }

  /** How long the server asks to be left alone; null where it does not say. */
  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
