package io.github.bunvec.hub;

import java.io.InterruptedIOException;
import java.time.Duration;

/** Lets time pass; tests let none pass. */
interface Pause {

  Pause SLEEP =
      duration -> {
        try {
          Thread.sleep(duration);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("interrupted while waiting for the Hub");
        }
      };

  void of(Duration duration) throws InterruptedIOException;
}
