package io.github.bunvec.engine.cpu.emit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One thread's rows of activations rounded to BF16, and the numbers of its next call.
 *
 * <p>Outside the heap; grows to the largest matrix it has held. For one thread at a time.
 */
public final class Bf16Rows implements AutoCloseable {

  /** Values behind every row, so that rows of 1024 or 3072 values do not share the same sets. */
  private static final int PADDING = 32;

  private final Arena numbers = Arena.ofShared();
  private final MemorySegment block = numbers.allocate(Arguments.BYTES, 64);
  private Arena arena = Arena.ofShared();
  private MemorySegment values = MemorySegment.NULL;
  private int steps; // of 32 values in a row
  private int tileRows = -1; // what the configurations of tiles are for

  /** Makes it, empty. */
  public Bf16Rows() {}

  /** Makes room for a matrix. */
  void reserve(int rows, int k) {
    steps = Math.ceilDiv(k, ConversionCode.STEP);
    long bytes = rows * ldaBytes();
    if (values.byteSize() < bytes) {
      arena.close();
      arena = Arena.ofShared();
      values = LinuxMemory.mapLarge(bytes, arena);
    }
  }

  /** From a row to the next. */
  long ldaBytes() {
    return 2L * (steps * ConversionCode.STEP + PADDING);
  }

  int steps() {
    return steps;
  }

  long address(int row) {
    return values.address() + row * ldaBytes();
  }

  /** Sets one of {@link Arguments}. */
  void set(int argument, long value) {
    block.set(ValueLayout.JAVA_LONG, argument, value);
  }

  /** Sets the configurations of tiles for so many rows. */
  void setTiles(int rows) {
    int last = rows % TileCode.ROWS;
    if (last != tileRows) {
      TileCode.configure(block, Arguments.TILES, TileCode.ROWS);
      TileCode.configure(block, Arguments.LAST_TILES, last);
      tileRows = last;
    }
  }

  long arguments() {
    return block.address();
  }

  /**
   * Returns the memory they take.
   *
   * @return bytes
   */
  public long bytes() {
    return values.byteSize() + block.byteSize();
  }

  @Override
  public void close() {
    arena.close();
    numbers.close();
  }
}
