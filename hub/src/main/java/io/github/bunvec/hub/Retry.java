package io.github.bunvec.hub;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often and when something is tried again: after 1, 2, 4 and 8 seconds or when the server says,
 * {@value #ATTEMPTS} times in a row without getting on at all, {@value #MAX_FAILURES} times in all.
 */
final class Retry {

  static final int ATTEMPTS = 5;
  private static final int MAX_FAILURES = 50;

  /** A server that asks for more is not waited for: a person knows better what to do then. */
  private static final Duration MAX_WAIT = Duration.ofMinutes(2);

  private final String what;
  private final int attempts;
  private final Pause pause;
  private final DownloadListener listener;
  private int inARow;
  private int failures;

  Retry(String what, int attempts, Pause pause, DownloadListener listener) {
    this.what = what;
    this.attempts = attempts;
    this.pause = pause;
    this.listener = listener;
  }

  /** Something that may fail for a while. */
  interface Work<T> {
    T run() throws IOException;
  }

  <T> T run(Work<T> work) throws IOException {
    while (true) {
      try {
        return work.run();
      } catch (TransientFailure e) {
        waitAfter(e);
      }
    }
  }

  /** The work got on: what comes is a new trouble. */
  void progressed() {
    inARow = 0;
  }

  /** Returns when it is time to try again, and throws when it is not worth it. */
  void waitAfter(TransientFailure failure) throws IOException {
    inARow++;
    failures++;
    if (inARow >= attempts || failures >= MAX_FAILURES) {
      String often = failures == 1 ? "" : ", after " + failures + " attempts";
      throw HubException.unavailable(
          "%s: %s%s".formatted(what, failure.getMessage(), often), failure);
    }
    Duration wait = wait(failure.retryAfter());
    if (wait.compareTo(MAX_WAIT) > 0) {
      throw HubException.unavailable(
          "%s: %s; the server asks to wait %d s, try again then"
              .formatted(what, failure.getMessage(), wait.toSeconds()),
          failure);
    }
    listener.notice(
        "%s: %s; trying again in %d s".formatted(what, failure.getMessage(), wait.toSeconds()));
    pause.of(wait);
  }

  private Duration wait(@Nullable Duration asked) {
    return asked != null ? asked : Duration.ofSeconds(1L << Math.min(inARow - 1, 3));
  }
}
