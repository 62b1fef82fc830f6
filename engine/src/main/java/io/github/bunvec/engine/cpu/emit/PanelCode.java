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
 * One panel in FP32 arithmetic, of FP32 or BF16 weights: register tiles of up to 6 x 64, as {@link
 * io.github.bunvec.engine.cpu.kernel.GemmKernel} says.
 *
 * <pre>
 *   rdi A   rsi B   rdx init   rcx C     arrays
 *   r8 m    r9 k                         at least 1
 *   on the stack: the byte offsets into A, B, init and C; lda, initStride and ldc in bytes
 * </pre>
 *
 * <p>What C2 cannot do: the weights that come next are prefetched into L2 while the tiles compute,
 * so that memory and multiplication overlap where there are few rows; and the BF16 tile has six
 * rows without a spill.
 */
final class PanelCode {

  static final int ROWS = 6;
  static final int COLUMNS = 64;

  private static final int VECTORS = 4;
  private static final int VECTOR = 64; // bytes
  private static final int FLOAT = 4;
  private static final int PUSHED = 6;

  private final Assembler code;
  private final boolean bf16;
  private final int lines; // cache lines prefetched in a step

  private PanelCode(Assembler code, boolean bf16, int lines) {
    this.code = code;
    this.bf16 = bf16;
    this.lines = lines;
  }

  /** Bytes of the weights of a panel in one step along k. */
  static int bytesPerStep(boolean bf16) {
    return bf16 ? COLUMNS * 2 : COLUMNS * FLOAT;
  }

  /** Appends the function that prefetches so many cache lines of 64 bytes in a step along k. */
  static void write(Assembler code, boolean bf16, int lines) {
    new PanelCode(code, bf16, lines).function();
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
      code.vpbroadcastd(mask(), RAX);
    }
    // What comes behind these k rows: the next panel, or the next part of this one.
    code.mov(R14, R9);
    code.shl(R14, Integer.numberOfTrailingZeros(bytesPerStep(bf16)));
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
      for (int v = 0; v < VECTORS; v++) {
        code.vmovups(accumulator(row, v), Address.at(RDX, v * VECTOR));
      }
      code.add(RDX, R13);
    }
    // Rows 0 to 2 from r12 on, rows 3 to 5 from rbx on: a scale of 1 or 2 reaches two more.
    code.mov(R12, RDI);
    code.lea(RBX, Address.at(RDI, R10, 2, 0));
    code.add(RBX, R10);
    code.mov(RBP, RSI);
    code.mov(RAX, R9);
    Label loop = new Label();
    code.bind(loop);
    step(rows);
    code.sub(RAX, 1);
    code.jnz(loop);
    for (int row = 0; row < rows; row++) {
      for (int v = 0; v < VECTORS; v++) {
        code.vmovups(Address.at(RCX, v * VECTOR), accumulator(row, v));
      }
      code.add(RCX, R11);
      code.add(RDI, R10);
    }
  }

  private void step(int rows) {
    loadWeights();
    for (int row = 0; row < rows; row++) {
      Register base = row < 3 ? R12 : RBX;
      code.vbroadcastss(
          input(), row % 3 == 0 ? Address.at(base, 0) : Address.at(base, R10, row % 3, 0));
      for (int v = 0; v < VECTORS; v++) {
        code.vfmadd231ps(accumulator(row, v), input(), weights(v));
      }
    }
    for (int line = 0; line < lines; line++) {
      code.prefetcht1(Address.at(R14, line * VECTOR));
    }
    if (lines > 0) {
      code.add(R14, lines * VECTOR);
    }
    code.add(R12, FLOAT);
    if (rows > 3) {
      code.add(RBX, FLOAT);
    }
    code.add(RBP, bytesPerStep(bf16));
  }

  private void loadWeights() {
    for (int v = 0; v < VECTORS; v++) {
      if (!bf16) {
        code.vmovups(weights(v), Address.at(RBP, v * VECTOR));
      } else if (v % 2 == 0) {
        code.vpslld(weights(v), Address.at(RBP, v / 2 * VECTOR), 16);
      } else {
        code.vpandd(weights(v), mask(), Address.at(RBP, v / 2 * VECTOR));
      }
    }
  }

  private static Zmm accumulator(int row, int v) {
    return new Zmm(row * VECTORS + v);
  }

  private static Zmm weights(int v) {
    return new Zmm(ROWS * VECTORS + v);
  }

  private static Zmm input() {
    return new Zmm(ROWS * VECTORS + VECTORS);
  }

  private static Zmm mask() {
    return new Zmm(ROWS * VECTORS + VECTORS + 1);
  }
}
