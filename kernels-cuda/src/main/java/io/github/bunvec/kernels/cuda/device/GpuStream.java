package io.github.bunvec.kernels.cuda.device;

import java.lang.foreign.MemorySegment;

/**
 * A queue of work on a GPU, done in its order. What is queued while {@link #capture} runs is
 * recorded instead of done.
 *
 * <p>For the thread that made it.
 */
public interface GpuStream extends AutoCloseable {

  /** Recorded work, launched as one. */
  interface Graph extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Copies to the device.
   *
   * @param to address on the device
   * @param from page-locked memory, which must stay as it is until the copy is done
   * @param bytes how much of it
   */
  void copyIn(long to, MemorySegment from, long bytes);

  /**
   * Copies from the device.
   *
   * @param to page-locked memory
   * @param from address on the device
   * @param bytes how much
   */
  void copyOut(MemorySegment to, long from, long bytes);

  /**
   * Runs a kernel.
   *
   * @param kernel from {@link Gpu#kernel}
   * @param grid blocks and threads
   * @param arguments the kernel's, in order: addresses and integers as they are, floats as their
   *     bits
   */
  void launch(long kernel, Grid grid, long... arguments);

  /**
   * Computes a product.
   *
   * @param product of a shape that was prepared
   */
  void multiply(Product product);

  /**
   * Records what is queued meanwhile.
   *
   * @param work queues it
   * @return what was recorded
   */
  Graph capture(Runnable work);

  /**
   * Runs what was recorded.
   *
   * @param graph from {@link #capture}
   */
  void launch(Graph graph);

  /** Begins to measure how long the device takes for what is queued from now on. */
  void start();

  /**
   * Waits until everything queued is done.
   *
   * @return how long the device took since {@link #start}, in nanoseconds
   */
  long stop();

  /** Waits until everything queued is done. */
  void await();

  /**
   * Returns what it takes of the device's memory.
   *
   * @return bytes
   */
  long bytes();

  /** Frees the stream; nothing may be running. */
  @Override
  void close();
}
