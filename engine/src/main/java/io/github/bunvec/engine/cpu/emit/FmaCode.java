package io.github.bunvec.engine.cpu.emit;

import static io.github.bunvec.engine.cpu.emit.Register.RAX;
import static io.github.bunvec.engine.cpu.emit.Register.RCX;

/** The rate of FP32: nothing but independent fused multiply-adds of registers. */
final class FmaCode {

  private static final int CHAINS = 24;

  /** Operations in a step. */
  static final int OPERATIONS = CHAINS * 2 * 16;

  private FmaCode() {}

  /** Appends the function; it does {@link Arguments#STEPS} steps. */
  static void write(Assembler code) {
    for (int i = 0; i < CHAINS + 2; i++) {
      code.vpxord(new Zmm(i), new Zmm(i), new Zmm(i));
    }
    code.mov(RAX, Address.at(RCX, Arguments.STEPS));
    Label loop = new Label();
    code.bind(loop);
    for (int i = 0; i < CHAINS; i++) {
      code.vfmadd231ps(new Zmm(i), new Zmm(CHAINS), new Zmm(CHAINS + 1));
    }
    code.sub(RAX, 1);
    code.jnz(loop);
    code.vzeroupper();
    code.ret();
  }
}
