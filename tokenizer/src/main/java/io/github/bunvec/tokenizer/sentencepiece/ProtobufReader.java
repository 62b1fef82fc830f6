package io.github.bunvec.tokenizer.sentencepiece;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the fields of one protobuf message, one after another; what the caller does not ask for is
 * skipped. Nothing is read beyond the message, and nothing is allocated but what is asked for.
 */
final class ProtobufReader {

  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int START_GROUP = 3;
  static final int END_GROUP = 4;
  static final int FIXED32 = 5;

  private static final int MAX_VARINT_BYTES = 10;

  private final byte[] bytes;
  private final int end;
  private final String name;
  private int at;
  private int field;
  private int type;
  private int valueStart;
  private int valueEnd;

  /**
   * Creates a reader of a message.
   *
   * @param name what to call the message in errors
   */
  ProtobufReader(byte[] bytes, int from, int to, String name) {
    this.bytes = bytes;
    this.name = name;
    at = from;
    end = to;
  }

  /** Goes to the next field; returns whether there is one. */
  boolean next() {
    if (at == end) {
      return false;
    }
    readTag();
    if (type == START_GROUP) {
      skipGroup();
    } else if (type == END_GROUP) {
      throw broken("ends a group that was not begun");
    } else {
      skipValue();
    }
    return true;
  }

  /** Returns whether the field has this number and wire type; protobuf skips other types. */
  boolean is(int number, int wireType) {
    return field == number && type == wireType;
  }

  int field() {
    return field;
  }

  /** Returns the value of a field of type varint. */
  long varint() {
    int restart = at;
    at = valueStart;
    long value = readVarint();
    at = restart;
    return value;
  }

  /** Returns the value of a field of type fixed32 as a float. */
  float floatValue() {
    return ByteBuffer.wrap(bytes, valueStart, Float.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .getFloat();
  }

  /** Returns a copy of the value of a field of type bytes. */
  byte[] bytes() {
    return Arrays.copyOfRange(bytes, valueStart, valueEnd);
  }

  /** Returns the value of a field of type bytes as text. */
  String string() {
    String text = new String(bytes, valueStart, valueEnd - valueStart, StandardCharsets.UTF_8);
    // The decoder writes U+FFFD for what is not UTF-8: only then look closer.
    if (text.indexOf('\uFFFD') >= 0
        && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes())) {
      throw broken("is not UTF-8");
    }
    return text;
  }

  /** Returns a reader of the message in a field of type bytes. */
  ProtobufReader message(String childName) {
    return new ProtobufReader(bytes, valueStart, valueEnd, childName);
  }

  private void readTag() {
    long tag = readVarint();
    field = (int) (tag >>> 3);
    type = (int) (tag & 7);
    if (tag < 0 || tag > 0xFFFF_FFFFL || field == 0) {
      throw broken("has no valid number");
    }
  }

  private void skipValue() {
    valueStart = at;
    switch (type) {
      case VARINT -> {
        long _ = readVarint();
      }
      case FIXED64 -> advance(Long.BYTES);
      case FIXED32 -> advance(Float.BYTES);
      case BYTES -> {
        long length = readVarint();
        valueStart = at;
        advance(length);
      }
      default -> throw broken("has wire type " + type + ", which protobuf does not have");
    }
    valueEnd = at;
  }

  /** Skips a group, which old protobuf has; an int counts the nesting, so nothing can overflow. */
  private void skipGroup() {
    int depth = 1;
    while (depth > 0) {
      readTag();
      if (type == START_GROUP) {
        depth++;
      } else if (type == END_GROUP) {
        depth--;
      } else {
        skipValue();
      }
    }
    type = START_GROUP;
  }

  private void advance(long count) {
    if (count < 0 || count > end - at) {
      throw broken("should have %d bytes, but %d are left".formatted(count, end - at));
    }
    at += (int) count;
  }

  private long readVarint() {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      if (at == end) {
        throw broken("is cut off");
      }
      byte b = bytes[at++];
      value |= (long) (b & 0x7F) << (7 * i);
      if (b >= 0) {
        return value;
      }
    }
    throw broken("holds a number of more than 64 bits");
  }

  private SentencePieceException broken(String what) {
    return new SentencePieceException(
        "%s: field %d %s (byte %d); expected a SentencePiece model, a protobuf message"
            .formatted(name, field, what, at));
  }
}
