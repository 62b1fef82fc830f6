package io.github.bunvec.engine.cpu.emit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One thread's room for a part of a panel of BF16 weights as FP32, see {@link PanelGemm#panel}.
 *
 * <p>Outside the heap; taken when first needed.
 */
public final class UnpackedPanel implements AutoCloseable {

  private final Arena arena = Arena.ofShared();
  private MemorySegment memory = MemorySegment.NULL;

  /** Makes it, empty. */
  public UnpackedPanel() {}

  /** Returns where so many bytes may be written. */
  long address(long bytes) {
    if (memory.byteSize() < bytes) {
      memory = LinuxMemory.map(bytes, arena);
    }
    return memory.address();
  }

  /**
   * Returns the memory it takes.
   *
   * @return bytes
   */
  public long bytes() {
    return memory.byteSize();
  }

  @Override
  public void close() {
    arena.close();
  }
}
