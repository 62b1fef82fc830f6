package io.github.bunvec.kernels.cuda.device;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What has to be freed, the last first, and all of it even if something cannot be. */
public final class Resources implements AutoCloseable {

  private final Deque<Runnable> freeing = new ArrayDeque<>();

  /** Creates it without anything to free. */
  public Resources() {}

  /**
   * Adds what frees something that has just been made.
   *
   * @param free frees it
   */
  public void add(Runnable free) {
    freeing.push(free);
  }

  /**
   * Frees what there is of something that cannot be made whole.
   *
   * @param e why; gets what cannot be freed as suppressed exceptions
   */
  public void closeAfter(Throwable e) {
    try {
      close();
    } catch (RuntimeException later) {
      e.addSuppressed(later);
    }
  }

  /**
   * Frees everything, once.
   *
   * @throws RuntimeException the first that failed
   */
  @Override
  public void close() {
    @Nullable RuntimeException first = null;
    while (!freeing.isEmpty()) {
      try {
        freeing.pop().run();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
