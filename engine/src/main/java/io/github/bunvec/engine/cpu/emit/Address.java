package io.github.bunvec.engine.cpu.emit;

import org.jspecify.annotations.Nullable;

/** A place in memory: {@code base + index * scale + displacement}. */
record Address(Register base, @Nullable Register index, int scale, int displacement) {

  Address {
    if (index == Register.RSP) {
      throw new IllegalArgumentException("rsp cannot be an index");
    }
    if (Integer.bitCount(scale) != 1 || scale > 8) {
      throw new IllegalArgumentException("scale is " + scale + ", expected 1, 2, 4 or 8");
    }
  }

  static Address at(Register base, int displacement) {
    return new Address(base, null, 1, displacement);
  }

  static Address at(Register base, Register index, int scale, int displacement) {
    return new Address(base, index, scale, displacement);
  }
}
