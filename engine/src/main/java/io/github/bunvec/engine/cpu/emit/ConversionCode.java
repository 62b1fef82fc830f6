package io.github.bunvec.engine.cpu.emit;

import static io.github.bunvec.engine.cpu.emit.Register.R10;
import static io.github.bunvec.engine.cpu.emit.Register.R11;
import static io.github.bunvec.engine.cpu.emit.Register.R8;
import static io.github.bunvec.engine.cpu.emit.Register.R9;
import static io.github.bunvec.engine.cpu.emit.Register.RAX;
import static io.github.bunvec.engine.cpu.emit.Register.RCX;
import static io.github.bunvec.engine.cpu.emit.Register.RDI;
import static io.github.bunvec.engine.cpu.emit.Register.RDX;

/**
 * Rows of FP32 rounded to BF16, to nearest even, by VCVTNE2PS2BF16.
 *
 * <pre>
 *   to    [rows][steps * 32] BF16, lda bytes from row to row; zeros behind the last value   rdi
 *   from  row-major FP32, ldc bytes from row to row                                         rdx
 *         numbers, see {@link Arguments}: of the last 32 values of a row mask says which
 *         are there                                                                         rcx
 * </pre>
 *
 * <p>Subnormal numbers become 0: the instruction knows none.
 */
final class ConversionCode {

  /** Values in a step. */
  static final int STEP = 32;

  private static final Zmm LOW = new Zmm(0);
  private static final Zmm HIGH = new Zmm(1);

  private ConversionCode() {}

  /** Appends the function. */
  static void write(Assembler code) {
    code.add(RDX, Address.at(RCX, Arguments.OFFSET));
    code.mov(R8, Address.at(RCX, Arguments.ROWS));
    Label rows = new Label();
    Label whole = new Label();
    Label last = new Label();
    code.bind(rows);
    code.mov(R10, RDX);
    code.mov(R11, RDI);
    code.mov(R9, Address.at(RCX, Arguments.STEPS));
    code.bind(whole);
    code.sub(R9, 1);
    code.jz(last);
    code.vmovups(LOW, Address.at(R10, 0));
    code.vmovups(HIGH, Address.at(R10, 64));
    code.vcvtne2ps2bf16(LOW, HIGH, LOW);
    code.vmovups(Address.at(R11, 0), LOW);
    code.add(R10, 128);
    code.add(R11, 64);
    code.jmp(whole);
    code.bind(last);
    masked(code, LOW, Arguments.MASK, 0);
    masked(code, HIGH, Arguments.MASK + 2, 64);
    code.vcvtne2ps2bf16(LOW, HIGH, LOW);
    code.vmovups(Address.at(R11, 0), LOW);
    code.add(RDX, Address.at(RCX, Arguments.LDC));
    code.add(RDI, Address.at(RCX, Arguments.LDA));
    code.sub(R8, 1);
    code.jnz(rows);
    code.vzeroupper();
    code.ret();
  }

  /** The lower 16 bits found there are the mask. */
  private static void masked(Assembler code, Zmm to, int mask, int offset) {
    code.mov(RAX, Address.at(RCX, mask));
    code.kmovdK1(RAX);
    code.vmovupsMasked(to, Address.at(R10, offset));
  }
}
