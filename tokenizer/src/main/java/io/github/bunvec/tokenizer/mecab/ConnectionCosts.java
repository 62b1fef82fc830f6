package io.github.bunvec.tokenizer.mecab;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The cost of one word following another: matrix.bin.
 *
 * <p>Format (little-endian): u16 left size, u16 right size, then i16 costs; the cost of a word with
 * left id r after a word with right id l is number l + left size * r. UniDic's has 481 MB, so
 * offsets are longs and the bytes stay where they are.
 */
final class ConnectionCosts {

  static final int HEADER_BYTES = 4;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String name;
  private final MemorySegment costs;
  private final int leftSize;
  private final int rightSize;

  /**
   * Reads a matrix.
   *
   * @throws DictionaryException if the bytes are not one
   */
  ConnectionCosts(String name, MemorySegment bytes) {
    this.name = name;
    if (bytes.byteSize() < HEADER_BYTES) {
      throw new DictionaryException(
          "%s: has %d bytes, a header has %d".formatted(name, bytes.byteSize(), HEADER_BYTES));
    }
    leftSize = bytes.get(SHORT, 0) & 0xFFFF;
    rightSize = bytes.get(SHORT, 2) & 0xFFFF;
    long expected = HEADER_BYTES + 2L * leftSize * rightSize;
    if (bytes.byteSize() != expected) {
      throw new DictionaryException(
          "%s: has %d bytes, a matrix of %d x %d has %d"
              .formatted(name, bytes.byteSize(), leftSize, rightSize, expected));
    }
    costs = bytes.asSlice(HEADER_BYTES);
  }

  String name() {
    return name;
  }

  int leftSize() {
    return leftSize;
  }

  int rightSize() {
    return rightSize;
  }

  /** Returns where the costs of a word with this left id start, for {@link #cost}. */
  long row(int leftId) {
    return 2L * leftSize * leftId;
  }

  /** Returns the cost of a row's word after a word with this right id. */
  int cost(long row, int rightId) {
    return costs.get(SHORT, row + 2L * rightId);
  }
}
