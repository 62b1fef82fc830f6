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
import static io.github.bunvec.engine.cpu.emit.Register.RSP;

/**
 * One panel in FP32 arithmetic, of FP32 or BF16 weights: register tiles of up to six rows, as wide
 * as the {@link PanelForm} says, for {@link io.github.bunvec.engine.cpu.kernel.GemmKernel}.
 *
 * <pre>
 *   rdi A   rsi B   rdx init   rcx C     arrays
 *   r8 m    r9 k                         at least 1
 *   on the stack: the byte offsets into A, B, init and C; lda, initStride and ldc in bytes
 * </pre>
 *
 * <p>What C2 cannot do: the weights that come next are prefetched into L2 while the tiles compute,
 * so that memory and multiplication overlap where there are few rows; and tiles have six rows
 * without a spill, also of BF16 and with sixteen registers.
 */
final class PanelCode {

  private static final int ROWS = PanelForm.ROWS;
  private static final int LINE = 64; // bytes
  private static final int FLOAT = 4;
  private static final int PUSHED = 6;

  private final Assembler code;
  private final PanelForm form;
  private final boolean bf16;
  private final int ahead; // bytes prefetched in a round
  private final int vector; // bytes
  private final int step; // bytes of weights

  private PanelCode(Assembler code, PanelForm form, boolean bf16, int ahead) {
    this.code = code;
    this.form = form;
    this.bf16 = bf16;
    this.ahead = ahead;
    this.vector = form.lanes * FLOAT;
    this.step = form.bytesPerStep(bf16);
  }

  /** Appends the function that prefetches so many bytes in a round along k, 0 for none. */
  static void write(Assembler code, PanelForm form, boolean bf16, int ahead) {
    new PanelCode(code, form, bf16, ahead).function();
  }

  private void function() {
    Register[] saved = {RBX, RBP, R12, R13, R14};
    code.sub(RSP, 8); // of the six places; keeps the stack aligned to 16
    for (Register register : saved) {
      code.push(register);
    }
    code.add(RDI, argument(0));
    code.add(RSI, argument(1));
    code.add(RDX, argument(2));
    code.add(RCX, argument(3));
    code.mov(R10, argument(4));
    code.mov(R13, argument(5));
    code.mov(R11, argument(6));
    if (bf16) {
      code.mov(RAX, 0xFFFF0000);
      code.push(RAX);
      code.vbroadcastss(mask(), Address.at(RSP, 0));
      code.pop(RAX);
    }
    // What comes behind these k rows: the next panel, or the next part of this one.
    code.mov(R14, R9);
    code.shl(R14, Integer.numberOfTrailingZeros(step));
    code.add(R14, RSI);
    tiles();
    code.vzeroupper();
    for (int i = saved.length - 1; i >= 0; i--) {
      code.pop(saved[i]);
    }
    code.add(RSP, 8);
    code.ret();
  }

  private static Address argument(int number) {
    return Address.at(RSP, 8 * (PUSHED + 1 + number));
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
      code.add(RDX, R13);
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
    round(rows, form.steps, ahead);
    code.sub(RAX, form.steps);
    code.jge(rounds);
    code.bind(rest);
    if (form.steps > 1) {
      code.add(RAX, form.steps);
      code.jz(end);
      code.bind(steps);
      round(rows, 1, 0);
      code.sub(RAX, 1);
      code.jnz(steps);
    }
    code.bind(end);
  }

  /** Where the bytes are no whole lines, some lines are asked for twice, and none is left out. */
  private void round(int rows, int steps, int bytes) {
    for (int i = 0; i < steps; i++) {
      step(rows, i);
      for (int line = i; line * LINE < bytes; line += steps) {
        code.prefetcht1(Address.at(R14, line * LINE));
      }
    }
    if (bytes > 0) {
      code.add(R14, bytes);
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
