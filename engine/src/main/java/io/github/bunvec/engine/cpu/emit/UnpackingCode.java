package io.github.bunvec.engine.cpu.emit;

import static io.github.bunvec.engine.cpu.emit.Register.RAX;
import static io.github.bunvec.engine.cpu.emit.Register.RCX;
import static io.github.bunvec.engine.cpu.emit.Register.RDI;
import static io.github.bunvec.engine.cpu.emit.Register.RSI;
import static io.github.bunvec.engine.cpu.emit.Register.RSP;

/**
 * A part of a panel of BF16 weights as FP32.
 *
 * <pre>
 *   to     [k][columns] floats        rdi
 *   from   [k][columns / 2] pairs     rsi
 *   k      at least 1                 rcx
 * </pre>
 *
 * <p>Tiles unpack their weights themselves, by two operations in the units that multiply for each
 * pair of vectors, a sixth of a tile's work. Where many tiles pass over a panel, it is unpacked for
 * all of them once.
 */
final class UnpackingCode {

  private UnpackingCode() {}

  /** Appends the function. */
  static void write(Assembler code, PanelForm form) {
    VectorRegister mask = form.register(0);
    VectorRegister low = form.register(1);
    VectorRegister high = form.register(2);
    int vector = form.lanes * Float.BYTES;
    code.mov(RAX, 0xFFFF0000);
    code.push(RAX);
    code.vbroadcastss(mask, Address.at(RSP, 0));
    code.pop(RAX);
    Label next = new Label();
    code.bind(next);
    for (int pair = 0; pair < form.vectors / 2; pair++) {
      code.vmovups(low, Address.at(RSI, pair * vector));
      code.vpand(high, mask, low);
      code.vpslld(low, low, 16);
      code.vmovups(Address.at(RDI, 2 * pair * vector), low);
      code.vmovups(Address.at(RDI, (2 * pair + 1) * vector), high);
    }
    code.add(RSI, form.bytesPerStep(true));
    code.add(RDI, form.bytesPerStep(false));
    code.sub(RCX, 1);
    code.jnz(next);
    code.vzeroupper();
    code.ret();
  }
}
