package io.github.bunvec.engine.cpu.emit;

/** A vector register of AVX and AVX2, 256 bits wide. */
record Ymm(int number) implements VectorRegister {

  Ymm {
    if (number < 0 || number > 15) {
      throw new IllegalArgumentException("there is no register ymm" + number);
    }
  }

  @Override
  public int bytes() {
    return 32;
  }
}
