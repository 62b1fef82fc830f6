package io.github.bunvec.kernels.cuda;

import io.github.bunvec.kernels.cuda.device.Gpu;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All lanes of a backend: threads that take work from one queue, whichever GPU is free. */
final class Lanes {

  /**
   * What a lane does next.
   *
   * @param call what it belongs to; none ends the lane
   * @param everyone where each lane is to do it once: waits until all have come
   */
  private record Task(
      @Nullable Call call, @Nullable CountDownLatch everyone, Consumer<Lane> work) {}

  private static final Task END = new Task(null, null, _ -> {});

  private final CudaBackend backend;
  private final BlockingQueue<Task> queue = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<@Nullable RuntimeException> endings = new AtomicReference<>();
  private boolean closed; // guarded by queue, so that no work comes behind the lanes' end

  /**
   * Starts lanes.
   *
   * @param each how many of each GPU
   */
  Lanes(CudaBackend backend, List<Gpu> gpus, int each) {
    this.backend = backend;
    for (int device = 0; device < gpus.size(); device++) {
      for (int i = 0; i < each; i++) {
        int own = device;
        threads.add(
            Thread.ofPlatform()
                .daemon()
                .name("bunvec-cuda-" + device + "-" + i)
                .start(() -> work(own, gpus.get(own))));
      }
    }
  }

  /** One lane's life. */
  private void work(int device, Gpu gpu) {
    Lane[] lane = new Lane[1]; // made by the first task, which is told if that fails
    try {
      while (true) {
        Task task = queue.take();
        Call call = task.call();
        if (call == null) {
          return;
        }
        CountDownLatch everyone = task.everyone();
        if (everyone != null) {
          everyone.countDown();
          everyone.await();
        }
        call.carryOut(
            () -> {
              if (lane[0] == null) {
                lane[0] = new Lane(backend, device, gpu);
              }
              task.work().accept(lane[0]);
            });
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does; the lane ends
    } finally {
      close(lane[0]);
    }
  }

  private void close(@Nullable Lane lane) {
    try {
      if (lane != null) {
        lane.close();
      }
    } catch (RuntimeException e) {
      endings.compareAndSet(null, e);
    }
  }

  int size() {
    return threads.size();
  }

  /** Has any lanes do work, and waits for it; throws what the first failed with. */
  void run(List<Consumer<Lane>> works) {
    Call call = new Call(works.size());
    queue(works.stream().map(work -> new Task(call, null, work)).toList());
    call.await();
  }

  /** Has every lane do the same, and waits for it; throws what the first failed with. */
  void runOnEach(Consumer<Lane> work) {
    Call call = new Call(size());
    Task task = new Task(call, new CountDownLatch(size()), work);
    queue(Collections.nCopies(size(), task));
    call.await();
  }

  private void queue(List<Task> tasks) {
    synchronized (queue) {
      if (closed) {
        throw new IllegalStateException("the backend cuda is closed");
      }
      queue.addAll(tasks);
    }
  }

  /**
   * Ends the lanes behind what is queued, and waits for that.
   *
   * @throws RuntimeException if a lane could not free what it had
   */
  void end() {
    synchronized (queue) {
      if (closed) {
        return;
      }
      closed = true;
      threads.forEach(_ -> queue.add(END));
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true; // lanes use what is freed next
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    RuntimeException ending = endings.get();
    if (ending != null) {
      throw ending;
    }
  }
}
