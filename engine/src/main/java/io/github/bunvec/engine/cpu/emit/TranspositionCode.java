package io.github.bunvec.engine.cpu.emit;

import static io.github.bunvec.engine.cpu.emit.Register.R10;
import static io.github.bunvec.engine.cpu.emit.Register.R11;
import static io.github.bunvec.engine.cpu.emit.Register.R8;
import static io.github.bunvec.engine.cpu.emit.Register.R9;
import static io.github.bunvec.engine.cpu.emit.Register.RAX;
import static io.github.bunvec.engine.cpu.emit.Register.RCX;
import static io.github.bunvec.engine.cpu.emit.Register.RDI;
import static io.github.bunvec.engine.cpu.emit.Register.RDX;
import static io.github.bunvec.engine.cpu.emit.Register.RSI;

/**
 * Brings the rows of a panel into its order: {@link
 * io.github.bunvec.engine.cpu.kernel.WeightPacking#fp32}, value by value.
 *
 * <pre>
 *   to       [k][columns]      rdi
 *   k        at least 1        rsi
 *   rows     [columns, k]      rdx
 *   columns                    rcx
 * </pre>
 *
 * <p>The plain loop would be over about when C2 has compiled it. Values go one by one, not by
 * shuffles of vectors; the two have not been compared. A cache line of each row in turn, so that
 * the lines that are written stay in L1 however far rows lie apart.
 */
final class TranspositionCode {

  private static final int FLOAT = 4;
  private static final int LINE = 16; // values

  private TranspositionCode() {}

  /** Appends the function for panels of so many columns. */
  static void write(Assembler code, int columns) {
    Label lines = new Label();
    Label values = new Label();
    Label end = new Label();
    code.mov(R8, RSI);
    code.shl(R8, 2); // from row to row
    code.sub(RSI, LINE);
    code.jl(values);
    code.bind(lines);
    rows(code, columns, LINE);
    code.sub(RSI, LINE);
    code.jge(lines);
    code.bind(values);
    code.add(RSI, LINE);
    code.jz(end);
    Label single = new Label();
    code.bind(single);
    rows(code, columns, 1);
    code.sub(RSI, 1);
    code.jnz(single);
    code.bind(end);
    code.ret();
  }

  /** Moves so many values of every row, and goes behind them. */
  private static void rows(Assembler code, int columns, int values) {
    Label next = new Label();
    code.mov(R9, RCX);
    code.mov(R10, RDX);
    code.mov(R11, RDI);
    code.bind(next);
    for (int i = 0; i < values; i++) {
      code.mov32(RAX, Address.at(R10, i * FLOAT));
      code.mov32(Address.at(R11, i * columns * FLOAT), RAX);
    }
    code.add(R10, R8);
    code.add(R11, FLOAT);
    code.sub(R9, 1);
    code.jnz(next);
    code.add(RDX, values * FLOAT);
    code.add(RDI, values * columns * FLOAT);
  }
}
