package io.github.bunvec.engine.cpu.emit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for weights, handed out piece by piece from large mappings.
 *
 * <p>A matrix of its own mapping would often be smaller than a huge page and have none. Memory that
 * is not handed out is not touched and takes no room.
 */
final class LargeMemory {

  private static final long CHUNK = 64 << 20;
  private static final long ALIGNMENT = 64;

  private final Arena arena;
  private MemorySegment chunk = MemorySegment.NULL;
  private long used;

  /** Maps in an arena. */
  LargeMemory(Arena arena) {
    this.arena = arena;
  }

  /** Returns zeroed memory that begins on a cache line. */
  synchronized MemorySegment allocate(long bytes) {
    if (used + bytes > chunk.byteSize()) {
      chunk = LinuxMemory.mapLarge(Math.max(bytes, CHUNK), arena);
      used = 0;
    }
    MemorySegment piece = chunk.asSlice(used, bytes);
    used += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return piece;
  }
}
