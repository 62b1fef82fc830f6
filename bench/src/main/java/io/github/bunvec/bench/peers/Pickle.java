package io.github.bunvec.bench.peers;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes Python's pickle format, protocol 2: the few operations of a TorchScript module's state.
 *
 * <p>Opcodes are those of Python's pickletools.
 */
final class Pickle {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Pickle() {
    op(0x80).op(2);
  }

  /** Pushes a class or function. */
  Pickle global(String module, String name) {
    op('c');
    out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Pushes a string. */
  Pickle text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    op('X').int32(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  /** Pushes an integer. */
  Pickle integer(int value) {
    return op('J').int32(value);
  }

  /** Pushes a tuple of integers. */
  Pickle integers(int... values) {
    mark();
    for (int value : values) {
      integer(value);
    }
    return tuple();
  }

  /** Pushes False. */
  Pickle no() {
    return op(0x89);
  }

  /** Pushes an empty tuple. */
  Pickle emptyTuple() {
    return op(')');
  }

  /** Pushes an empty dict. */
  Pickle emptyDict() {
    return op('}');
  }

  /** Marks where a tuple or a dict's items begin. */
  Pickle mark() {
    return op('(');
  }

  /** Makes a tuple of what was pushed since the mark. */
  Pickle tuple() {
    return op('t');
  }

  /** Puts the keys and values since the mark into the dict before it. */
  Pickle setItems() {
    return op('u');
  }

  /** Has the reader fetch what a tuple describes. */
  Pickle persistent() {
    return op('Q');
  }

  /** Calls a function with a tuple of arguments. */
  Pickle reduce() {
    return op('R');
  }

  /** Makes an object of a class and a tuple of arguments. */
  Pickle newObject() {
    return op(0x81);
  }

  /** Sets an object's state. */
  Pickle build() {
    return op('b');
  }

  /** Ends the pickle and returns it. */
  byte[] toByteArray() {
    op('.');
    return out.toByteArray();
  }

  private Pickle op(int code) {
    out.write(code);
    return this;
  }

  private Pickle int32(int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      out.write(value >>> shift);
    }
    return this;
  }
}
