package io.github.bunvec.kernels.cuda;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A caller's wait for its chunks. */
final class Call {

  private final CountDownLatch open;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  Call(int chunks) {
    open = new CountDownLatch(chunks);
  }

  /** Does a chunk's work, unless another's has failed. */
  void carryOut(Runnable work) {
    try {
      if (failure.get() == null) {
        work.run();
      }
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    } finally {
      open.countDown();
    }
  }

  /** Waits for all chunks; throws what the first failed with. */
  void await() {
    boolean interrupted = false;
    while (open.getCount() > 0) {
      try {
        open.await();
      } catch (InterruptedException e) {
        interrupted = true; // lanes write to the caller's arrays until they are done
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }
}
