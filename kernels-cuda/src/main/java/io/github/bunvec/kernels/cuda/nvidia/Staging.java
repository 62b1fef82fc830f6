package io.github.bunvec.kernels.cuda.nvidia;

import java.lang.foreign.MemorySegment;
import java.util.function.BiConsumer;

/**
 * Copies between the device and memory of any kind, by way of page-locked memory and a stream of
 * its own, and waits for them. One copy at a time.
 */
final class Staging implements AutoCloseable {

  private static final long BYTES = 4 << 20;

  private final Context context;
  private final NvidiaStream stream;
  private final MemorySegment pinned;

  Staging(Context context, NvidiaStream stream) {
    this.context = context;
    this.stream = stream;
    try {
      this.pinned = context.allocatePinned(BYTES);
    } catch (RuntimeException | Error e) {
      stream.close();
      throw e;
    }
  }

  /** The stream: what is queued on it comes before what this copies. Guarded by this object. */
  NvidiaStream stream() {
    return stream;
  }

  /** Copies to the device. */
  synchronized void copyIn(long to, MemorySegment from) {
    for (long at = 0; at < from.byteSize(); at += BYTES) {
      long bytes = Math.min(BYTES, from.byteSize() - at);
      MemorySegment.copy(from, at, pinned, 0, bytes);
      stream.copyIn(to + at, pinned, bytes);
      stream.await();
    }
  }

  /** Fills memory of the device with zeros. */
  synchronized void clear(long address, long bytes) {
    stream.clear(address, bytes);
    stream.await();
  }

  /**
   * Copies from the device, a part at a time.
   *
   * @param use is given each part, which is valid meanwhile, and where it begins
   */
  synchronized void read(long from, long bytes, BiConsumer<MemorySegment, Long> use) {
    for (long at = 0; at < bytes; at += BYTES) {
      long part = Math.min(BYTES, bytes - at);
      stream.copyOut(pinned, from + at, part);
      stream.await();
      use.accept(pinned.asSlice(0, part), at);
    }
  }

  @Override
  public void close() {
    stream.close();
    context.freePinned(pinned);
  }
}
