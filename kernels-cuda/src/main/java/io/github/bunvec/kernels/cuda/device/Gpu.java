package io.github.bunvec.kernels.cuda.device;

import java.lang.foreign.MemorySegment;

/**
 * One GPU. Addresses are the device's and may be kept as numbers; 0 is none.
 *
 * <p>Safe for concurrent use, but what a thread does belongs to the streams it made: a stream is
 * for one thread at a time.
 */
public interface Gpu extends AutoCloseable {

  /**
   * Says what it is, for people.
   *
   * @return for example {@code NVIDIA H200 (cuda:0)}
   */
  String name();

  /**
   * Returns memory, filled with zeros, that begins on a border of 256 bytes.
   *
   * @param bytes how much, at least 1
   * @return its address
   * @throws OutOfGpuMemoryException if there is not as much
   */
  long allocate(long bytes);

  /**
   * Gives memory back; nothing may be using it.
   *
   * @param address from {@link #allocate}; 0 is none
   */
  void free(long address);

  /**
   * Copies to the device and waits for it.
   *
   * @param to address on the device
   * @param from memory of this process, of any kind
   */
  void copyIn(long to, MemorySegment from);

  /**
   * Returns page-locked memory of this process, which streams copy from and to.
   *
   * @param bytes how much, at least 1
   * @return the memory, aligned to 64 bytes
   */
  MemorySegment allocatePinned(long bytes);

  /**
   * Gives page-locked memory back.
   *
   * @param memory from {@link #allocatePinned}
   */
  void freePinned(MemorySegment memory);

  /**
   * Returns a kernel, compiled and loaded if it was not yet.
   *
   * @param file the source file's name without {@code .cu}
   * @param entry the kernel's name
   * @return what {@link GpuStream#launch} takes
   */
  long kernel(String file, String entry);

  /**
   * Decides how products of a shape are computed, so that all numbers of rows give the same bits.
   * {@link GpuStream#multiply} takes only what was prepared.
   *
   * @param shape the products
   * @param rows the numbers of rows that will come
   */
  void prepare(Product.Shape shape, int... rows);

  /**
   * Makes a stream for the calling thread.
   *
   * @return the stream
   */
  GpuStream stream();

  /** Frees everything; nothing may be running. Idempotent. */
  @Override
  void close();
}
