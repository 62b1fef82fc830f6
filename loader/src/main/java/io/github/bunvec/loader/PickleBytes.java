package io.github.bunvec.loader;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Mapped bytes read from front to back, never beyond their end. */
final class PickleBytes {

  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** No name of a tensor, key or class is longer. */
  private static final int MAX_STRING = 1 << 16;

  private final String label;
  private final MemorySegment bytes;
  private long position;

  PickleBytes(String label, MemorySegment bytes) {
    this.label = label;
    this.bytes = bytes;
  }

  long position() {
    return position;
  }

  long remaining() {
    return bytes.byteSize() - position;
  }

  int u8() {
    return bytes.get(ValueLayout.JAVA_BYTE, advance(1)) & 0xFF;
  }

  int u16() {
    return bytes.get(U16, advance(2)) & 0xFFFF;
  }

  int i32() {
    return bytes.get(I32, advance(4));
  }

  long i64() {
    return bytes.get(I64, advance(8));
  }

  /** Returns a little-endian two's complement number of so many bytes, at most 8. */
  long integer(int size) {
    long value = 0;
    long at = advance(size);
    for (int i = 0; i < size; i++) {
      value |= (bytes.get(ValueLayout.JAVA_BYTE, at + i) & 0xFFL) << (8 * i);
    }
    int unused = 64 - 8 * size;
    return size == 0 ? 0 : value << unused >> unused;
  }

  /** Returns UTF-8 of so many bytes. */
  String text(long size) {
    if (size < 0 || size > MAX_STRING) {
      throw wrong("a string of " + Long.toUnsignedString(size) + " bytes", "at most " + MAX_STRING);
    }
    MemorySegment slice = slice(size);
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    try {
      return decoder.decode(slice.asByteBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw new CheckpointException(
          label + ": byte " + (position - size) + ": a string is not UTF-8", e);
    }
  }

  /** Returns the text up to a line feed, which is consumed. */
  String line() {
    long length = 0;
    long limit = Math.min(remaining(), MAX_STRING);
    while (length < limit && bytes.get(ValueLayout.JAVA_BYTE, position + length) != '\n') {
      length++;
    }
    if (length == limit) {
      throw wrong("a name without end", "a line feed after it");
    }
    String line = text(length);
    advance(1);
    return line;
  }

  void skip(long size) {
    advance(size);
  }

  /** Returns the next bytes, not copied. */
  MemorySegment slice(long size) {
    return bytes.asSlice(advance(size), size);
  }

  private long advance(long size) {
    if (size < 0 || size > remaining()) {
      throw new CheckpointException(
          "%s: its pickle ends in the middle, after %d bytes; is it complete?"
              .formatted(label, bytes.byteSize()));
    }
    long at = position;
    position += size;
    return at;
  }

  CheckpointException wrong(String found, String expected) {
    return new CheckpointException(
        label + ": byte " + position + " of its pickle: " + found + ", expected " + expected);
  }
}
