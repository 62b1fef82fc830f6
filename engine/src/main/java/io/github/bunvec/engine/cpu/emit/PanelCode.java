package io.github.bunvec.engine.cpu.emit;

import static io.github.bunvec.engine.cpu.emit.Register.R10;
import static io.github.bunvec.engine.cpu.emit.Register.R11;
import static io.github.bunvec.engine.cpu.emit.Register.R12;
import static io.github.bunvec.engine.cpu.emit.Register.R13;
import static io.github.bunvec.engine.cpu.emit.Register.R14;
import static io.github.bunvec.engine.cpu.emit.Register.R15;
import static io.github.bunvec.engine.cpu.emit.Register.R8;
import static io.github.bunvec.engine.cpu.emit.Register.R9;
import static io.github.bunvec.engine.cpu.emit.Register.RAX;
import static io.github.bunvec.engine.cpu.emit.Register.RBP;
import static io.github.bunvec.engine.cpu.emit.Register.RBX;
import static io.github.bunvec.engine.cpu.emit.Register.RCX;
import static io.github.bunvec.engine.cpu.emit.Register.RDI;
import static io.github.bunvec.engine.cpu.emit.Register.RDX;
import static io.github.bunvec.engine.cpu.emit.Register.RSI;
import static io.github.bunvec.engine.cpu.emit.Register.RSP;

/**
 * One panel in FP32 arithmetic, of FP32 or BF16 weights: register tiles of up to six rows, as wide
 * as the {@link PanelForm} says, for {@link io.github.bunvec.engine.cpu.kernel.GemmKernel}.
 *
 * <pre>
 *   rdi A   rsi B   rdx init   rcx C     arrays
 *   r8 m    r9 k                         at least 1
 *   on the stack: the byte offsets into A, B, init and C; lda, initStride and ldc in bytes; from B
 *   to what is prefetched
 * </pre>
 *
 * <p>What C2 cannot do: the weights that come next are prefetched into L2 while the tiles compute,
 * so that memory and multiplication overlap where there are few rows; and tiles have six rows
 * without a spill, also of BF16 and with sixteen registers.
 */
final class PanelCode {

  private static final int ROWS = PanelForm.ROWS;
  private static final int FLOAT = 4;
  private static final Register[] SAVED = {RBX, RBP, R12, R13, R14, R15};

  private final Assembler code;
  private final PanelForm form;
  private final boolean bf16;
  private final PrefetchStreams next;
  private final int vector; // bytes
  private final int step; // bytes of weights

  private PanelCode(Assembler code, PanelForm form, boolean bf16, int lines) {
    this.code = code;
    this.form = form;
    this.bf16 = bf16;
    this.next = new PrefetchStreams(code, lines, R14, R15, R13);
    this.vector = form.lanes * FLOAT;
    this.step = form.bytesPerStep(bf16);
  }

  /**
   * Appends the function that prefetches so many cache lines of 64 bytes in a round along k, a
   * power of 2 or none.
   */
  static void write(Assembler code, PanelForm form, boolean bf16, int lines) {
    new PanelCode(code, form, bf16, lines).function();
  }

  private void function() {
    for (Register register : SAVED) {
      code.push(register);
    }
    code.add(RDI, argument(0));
    code.add(RSI, argument(1));
    code.add(RDX, argument(2));
    code.add(RCX, argument(3));
    code.mov(R10, argument(4));
    code.mov(R11, argument(6));
    if (bf16) {
      code.mov(RAX, 0xFFFF0000);
      code.push(RAX);
      code.vbroadcastss(mask(), Address.at(RSP, 0));
      code.pop(RAX);
    }
    code.mov(R14, argument(7));
    code.add(R14, RSI);
    next.begin(R9, form.steps);
    tiles();
    code.vzeroupper();
    for (int i = SAVED.length - 1; i >= 0; i--) {
      code.pop(SAVED[i]);
    }
    code.ret();
  }

  private static Address argument(int number) {
    return Address.at(RSP, 8 * (SAVED.length + 1 + number));
  }

  /** Spreads the rows evenly over as few tiles as possible: GemmKernel.rowsOfTile. */
  private void tiles() {
    Label next = new Label();
    Label end = new Label();
    Label[] heights = new Label[ROWS + 1];
    for (int rows = 1; rows <= ROWS; rows++) {
      heights[rows] = new Label();
    }
    code.bind(next);
    code.cmp(R8, 0);
    code.jz(end);
    for (int left = 1; left < 2 * ROWS; left++) {
      code.cmp(R8, left);
      code.jz(heights[left <= ROWS ? left : (left + 1) / 2]);
    }
    for (int rows = ROWS; rows > 0; rows--) {
      code.bind(heights[rows]);
      tile(rows);
      code.sub(R8, rows);
      code.jmp(next);
    }
    code.bind(end);
  }

  /** Computes {@code rows} rows and moves A (rdi), init (rdx) and C (rcx) behind them. */
  private void tile(int rows) {
    for (int row = 0; row < rows; row++) {
      for (int v = 0; v < form.vectors; v++) {
        code.vmovups(accumulator(row, v), Address.at(RDX, v * vector));
      }
      code.add(RDX, argument(5));
    }
    // Rows 0 to 2 from r12 on, rows 3 to 5 from rbx on: a scale of 1 or 2 reaches two more.
    code.mov(R12, RDI);
    code.lea(RBX, Address.at(RDI, R10, 2, 0));
    code.add(RBX, R10);
    code.mov(RBP, RSI);
    depth(rows);
    for (int row = 0; row < rows; row++) {
      for (int v = 0; v < form.vectors; v++) {
        code.vmovups(Address.at(RCX, v * vector), accumulator(row, v));
      }
      code.add(RCX, R11);
      code.add(RDI, R10);
    }
    next.endPass();
  }

  /** All rounds, then the steps that are left; those prefetch nothing. */
  private void depth(int rows) {
    Label rounds = new Label();
    Label rest = new Label();
    Label steps = new Label();
    Label end = new Label();
    code.mov(RAX, R9);
    code.sub(RAX, form.steps);
    code.jl(rest);
    code.bind(rounds);
    round(rows, form.steps, true);
    code.sub(RAX, form.steps);
    code.jge(rounds);
    code.bind(rest);
    if (form.steps > 1) {
      code.add(RAX, form.steps);
      code.jz(end);
      code.bind(steps);
      round(rows, 1, false);
      code.sub(RAX, 1);
      code.jnz(steps);
    }
    code.bind(end);
  }

  private void round(int rows, int steps, boolean prefetch) {
    for (int i = 0; i < steps; i++) {
      step(rows, i);
      for (int line = i; prefetch && line < next.lines(); line += steps) {
        next.line(line);
      }
    }
    if (prefetch) {
      next.endRound();
    }
    code.add(R12, steps * FLOAT);
    if (rows > 3) {
      code.add(RBX, steps * FLOAT);
    }
    code.add(RBP, steps * step);
  }

  /** Multiplies the inputs of one k, {@code i} behind where the registers point. */
  private void step(int rows, int i) {
    loadWeights(i * step);
    for (int row = 0; row < rows; row++) {
      Register base = row < 3 ? R12 : RBX;
      int at = i * FLOAT;
      code.vbroadcastss(
          input(), row % 3 == 0 ? Address.at(base, at) : Address.at(base, R10, row % 3, at));
      for (int v = 0; v < form.vectors; v++) {
        code.vfmadd231ps(accumulator(row, v), input(), weights(v));
      }
    }
  }

  private void loadWeights(int at) {
    if (!bf16) {
      for (int v = 0; v < form.vectors; v++) {
        code.vmovups(weights(v), Address.at(RBP, at + v * vector));
      }
      return;
    }
    for (int v = 0; v < form.vectors; v += 2) { // pairs: the lower halves are one vector
      code.vmovups(weights(v), Address.at(RBP, at + v / 2 * vector));
      code.vpand(weights(v + 1), mask(), weights(v));
      code.vpslld(weights(v), weights(v), 16);
    }
  }

  private VectorRegister accumulator(int row, int v) {
    return form.register(row * form.vectors + v);
  }

  private VectorRegister weights(int v) {
    return accumulator(ROWS, v);
  }

  private VectorRegister input() {
    return accumulator(ROWS + 1, 0);
  }

  private VectorRegister mask() {
    return accumulator(ROWS + 1, 1);
  }
}
