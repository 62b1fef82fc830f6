package io.github.bunvec.engine.cpu.emit;

import static io.github.bunvec.engine.cpu.emit.Register.R10;
import static io.github.bunvec.engine.cpu.emit.Register.R11;
import static io.github.bunvec.engine.cpu.emit.Register.R12;
import static io.github.bunvec.engine.cpu.emit.Register.R13;
import static io.github.bunvec.engine.cpu.emit.Register.R14;
import static io.github.bunvec.engine.cpu.emit.Register.R8;
import static io.github.bunvec.engine.cpu.emit.Register.R9;
import static io.github.bunvec.engine.cpu.emit.Register.RAX;
import static io.github.bunvec.engine.cpu.emit.Register.RBP;
import static io.github.bunvec.engine.cpu.emit.Register.RBX;
import static io.github.bunvec.engine.cpu.emit.Register.RCX;
import static io.github.bunvec.engine.cpu.emit.Register.RDI;
import static io.github.bunvec.engine.cpu.emit.Register.RDX;
import static io.github.bunvec.engine.cpu.emit.Register.RSI;

/**
 * One panel by VDPBF16PS: a register tile of 6 x 64, 24 accumulators of 32 registers.
 *
 * <pre>
 *   C[m x 64] = bias + A[m x k] B[k x 64]
 *
 *   A  row-major BF16, a pair along k broadcast to all lanes    rdi
 *   B  [k / 2][64] pairs of BF16                                rsi
 *   C  row-major FP32                                           rdx
 *      numbers, see {@link Arguments}                           rcx
 * </pre>
 *
 * <p>One accumulator per element, k ascending, whatever the tile: rows do not see each other. The
 * last one to five rows have a tile of their own height.
 */
final class DotProductCode {

  static final int ROWS = 6;
  static final int COLUMNS = 64;

  private static final int VECTORS = 4;
  private static final int VECTOR = 64; // bytes
  private static final int PAIR = 4;

  private final Assembler code;
  private final PrefetchStreams next;

  private DotProductCode(Assembler code, int lines) {
    this.code = code;
    this.next = new PrefetchStreams(code, lines, R11, R13, R14);
  }

  /** Appends the function that prefetches so many cache lines of 64 bytes in a step along k. */
  static void write(Assembler code, int lines) {
    new DotProductCode(code, lines).function();
  }

  private void function() {
    code.push(RBX);
    code.push(RBP);
    code.push(R12);
    code.push(R13);
    code.push(R14);
    code.add(RDX, Address.at(RCX, Arguments.OFFSET));
    code.mov(R8, Address.at(RCX, Arguments.ROWS));
    code.mov(R9, Address.at(RCX, Arguments.LDA));
    code.mov(R10, Address.at(RCX, Arguments.LDC));
    code.mov(R11, Address.at(RCX, Arguments.PREFETCH));
    code.mov(RAX, Address.at(RCX, Arguments.STEPS));
    next.begin(RAX, 1);
    Label blocks = new Label();
    Label rest = new Label();
    Label end = new Label();
    code.bind(blocks);
    code.cmp(R8, ROWS);
    code.jl(rest);
    tile(ROWS);
    code.sub(R8, ROWS);
    code.jmp(blocks);
    code.bind(rest);
    for (int rows = 1; rows < ROWS; rows++) {
      Label next = new Label();
      code.cmp(R8, rows);
      code.jnz(next);
      tile(rows);
      code.jmp(end);
      code.bind(next);
    }
    code.bind(end);
    code.vzeroupper();
    code.pop(R14);
    code.pop(R13);
    code.pop(R12);
    code.pop(RBP);
    code.pop(RBX);
    code.ret();
  }

  /** Computes {@code rows} rows and moves A (rdi) and C (rdx) behind them. */
  private void tile(int rows) {
    code.mov(RAX, Address.at(RCX, Arguments.BIAS));
    for (int v = 0; v < VECTORS; v++) {
      code.vmovups(accumulator(0, v), Address.at(RAX, v * VECTOR));
      for (int row = 1; row < rows; row++) {
        code.vmovaps(accumulator(row, v), accumulator(0, v));
      }
    }
    // Rows 0 to 2 from r12 on, rows 3 to 5 from rbx on: a scale of 1 or 2 reaches two more.
    code.mov(R12, RDI);
    code.lea(RBX, Address.at(RDI, R9, 2, 0));
    code.add(RBX, R9);
    code.mov(RBP, RSI);
    code.mov(RAX, Address.at(RCX, Arguments.STEPS));
    Label loop = new Label();
    code.bind(loop);
    step(rows);
    code.sub(RAX, 1);
    code.jnz(loop);
    next.endPass();
    for (int row = 0; row < rows; row++) {
      for (int v = 0; v < VECTORS; v++) {
        code.vmovups(Address.at(RDX, v * VECTOR), accumulator(row, v));
      }
      code.add(RDX, R10);
      code.add(RDI, R9);
    }
  }

  private void step(int rows) {
    for (int v = 0; v < VECTORS; v++) {
      code.vmovups(weights(v), Address.at(RBP, v * VECTOR));
    }
    for (int row = 0; row < rows; row++) {
      Register base = row < 3 ? R12 : RBX;
      code.vbroadcastss(
          pair(), row % 3 == 0 ? Address.at(base, 0) : Address.at(base, R9, row % 3, 0));
      for (int v = 0; v < VECTORS; v++) {
        code.vdpbf16ps(accumulator(row, v), weights(v), pair());
      }
    }
    for (int line = 0; line < next.lines(); line++) {
      next.line(line);
    }
    next.endRound();
    code.add(R12, PAIR);
    if (rows > 3) {
      code.add(RBX, PAIR);
    }
    code.add(RBP, VECTORS * VECTOR);
  }

  private static Zmm accumulator(int row, int v) {
    return new Zmm(row * VECTORS + v);
  }

  private static Zmm weights(int v) {
    return new Zmm(ROWS * VECTORS + v);
  }

  private static Zmm pair() {
    return new Zmm(ROWS * VECTORS + VECTORS);
  }
}
