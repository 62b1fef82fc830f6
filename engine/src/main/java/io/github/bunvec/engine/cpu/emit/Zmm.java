package io.github.bunvec.engine.cpu.emit;

/** A vector register of AVX-512, 512 bits wide. */
record Zmm(int number) {

  Zmm {
    if (number < 0 || number > 31) {
      throw new IllegalArgumentException("there is no register zmm" + number);
    }
  }
}
