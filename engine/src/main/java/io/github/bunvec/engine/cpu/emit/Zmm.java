package io.github.bunvec.engine.cpu.emit;

/** A vector register of AVX-512, 512 bits wide. */
record Zmm(int number) implements VectorRegister {

  Zmm {
    if (number < 0 || number > 31) {
      throw new IllegalArgumentException("there is no register zmm" + number);
    }
  }

  @Override
  public int bytes() {
    return 64;
  }
}
