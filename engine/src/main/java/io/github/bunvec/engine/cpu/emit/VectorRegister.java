package io.github.bunvec.engine.cpu.emit;

/** A vector register; its width decides how an instruction that has both widths is encoded. */
sealed interface VectorRegister permits Ymm, Zmm {

  /** Returns the number of its encoding. */
  int number();

  /** Returns its width in bytes. */
  int bytes();
}
