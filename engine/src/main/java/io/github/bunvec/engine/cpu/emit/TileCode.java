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

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One panel by TDPBF16PS of AMX: four tiles of C, 32 x 32 in all, two of A and two of B.
 *
 * <pre>
 *   C[m x 32] = bias + A[m x k] B[k x 32]
 *
 *   A  row-major BF16, rows of a multiple of 32 values   rdi
 *   B  [k / 2][32] pairs of BF16                         rsi
 *   C  row-major FP32                                    rdx
 *      numbers, see {@link Arguments}                    rcx
 * </pre>
 *
 * <p>Sums of 32 values of k at a time, k ascending; rows do not see each other, so that a row's
 * result does not depend on how many there are. The last rows, up to 31, have tiles of their own
 * height: the second configuration. Tiles are released at the end, so that the operating system
 * need not keep them.
 */
final class TileCode {

  /** Rows of two tiles. */
  static final int ROWS = 32;

  static final int COLUMNS = 32;

  /** Values of k in a step. */
  static final int STEP = 32;

  private static final int TILE_ROWS = 16;
  private static final int ROW = 64; // bytes of a row of a tile
  private static final int B_ROW = COLUMNS * 4;
  private static final int B_STEP = STEP / 2 * B_ROW;

  private static final Tile A0 = new Tile(4);
  private static final Tile A1 = new Tile(5);
  private static final Tile B0 = new Tile(6);
  private static final Tile B1 = new Tile(7);

  private final Assembler code;
  private final PrefetchStreams next;

  private TileCode(Assembler code, int lines) {
    this.code = code;
    this.next = new PrefetchStreams(code, lines, R11, R10, R8);
  }

  /** Appends the function that prefetches so many cache lines of 64 bytes in a step along k. */
  static void write(Assembler code, int lines) {
    new TileCode(code, lines).function();
  }

  /**
   * Writes a configuration: eight tiles of 64 bytes a row; those of B have 16 rows, those of C and
   * A as many as there are rows of A.
   *
   * @param rows up to 32; of up to 16 the lower tiles are not used
   */
  static void configure(MemorySegment to, int offset, int rows) {
    int upper = Math.clamp(rows, 1, TILE_ROWS);
    int lower = Math.clamp(rows - TILE_ROWS, 1, TILE_ROWS);
    to.asSlice(offset, 64).fill((byte) 0);
    to.set(ValueLayout.JAVA_BYTE, offset, (byte) 1); // palette
    for (int tile = 0; tile < 8; tile++) {
      int height = tile > 5 ? TILE_ROWS : (tile == 2 || tile == 3 || tile == 5 ? lower : upper);
      to.set(ValueLayout.JAVA_BYTE, offset + 16 + 2 * tile, (byte) ROW);
      to.set(ValueLayout.JAVA_BYTE, offset + 48 + tile, (byte) height);
    }
  }

  private void function() {
    code.push(RBX);
    code.push(RBP);
    code.push(R12);
    code.push(R13);
    code.push(R14);
    code.push(R15);
    code.add(RDX, Address.at(RCX, Arguments.OFFSET));
    code.mov(R8, Address.at(RCX, Arguments.ROWS));
    code.mov(R9, Address.at(RCX, Arguments.LDA));
    code.mov(R11, Address.at(RCX, Arguments.PREFETCH));
    code.mov(RBX, B_ROW);
    Label blocks = new Label();
    Label rest = new Label();
    Label low = new Label();
    Label end = new Label();
    code.cmp(R8, ROWS);
    code.jl(rest);
    code.ldtilecfg(Address.at(RCX, Arguments.TILES));
    code.bind(blocks);
    block(2);
    code.sub(R8, ROWS);
    code.cmp(R8, ROWS);
    code.jl(rest);
    code.jmp(blocks);
    code.bind(rest);
    code.cmp(R8, 0);
    code.jz(end);
    code.ldtilecfg(Address.at(RCX, Arguments.LAST_TILES));
    code.cmp(R8, TILE_ROWS + 1);
    code.jl(low);
    block(2);
    code.jmp(end);
    code.bind(low);
    block(1);
    code.bind(end);
    code.tilerelease();
    code.pop(R15);
    code.pop(R14);
    code.pop(R13);
    code.pop(R12);
    code.pop(RBP);
    code.pop(RBX);
    code.ret();
  }

  /** Computes one or two tiles of rows and moves A (rdi) and C (rdx) behind them. */
  private void block(int tiles) {
    code.push(R8);
    code.mov(RBP, Address.at(RCX, Arguments.BIAS));
    code.mov(RAX, 0); // a stride of 0: the bias in every row
    for (int row = 0; row < tiles; row++) {
      code.tileloadd(sum(row, 0), Address.at(RBP, RAX, 1, 0));
      code.tileloadd(sum(row, 1), Address.at(RBP, RAX, 1, ROW));
    }
    code.mov(RBP, RSI);
    // r13: A's first tile of rows; r12: the second, 16 lda further on.
    code.mov(RAX, R9);
    code.shl(RAX, 4);
    code.mov(R13, RDI);
    code.mov(R12, RDI);
    code.add(R12, RAX);
    code.mov(RAX, Address.at(RCX, Arguments.STEPS));
    next.begin(RAX, 1);
    // The first steps fetch C: storing a tile would wait for one row of it after another.
    Label first = new Label();
    Label others = new Label();
    Label done = new Label();
    code.mov(R14, RDX);
    code.mov(R15, TILE_ROWS);
    code.bind(first);
    step(tiles);
    prefetchSums(tiles);
    code.sub(RAX, 1);
    code.jz(done);
    code.sub(R15, 1);
    code.jnz(first);
    code.bind(others);
    step(tiles);
    code.sub(RAX, 1);
    code.jnz(others);
    code.bind(done);
    next.endPass();
    code.pop(R8);
    store(tiles);
  }

  private void step(int tiles) {
    code.tileloadd(B0, Address.at(RBP, RBX, 1, 0));
    code.tileloadd(A0, Address.at(R13, R9, 1, 0));
    code.tdpbf16ps(sum(0, 0), A0, B0);
    code.tileloadd(B1, Address.at(RBP, RBX, 1, ROW));
    code.tdpbf16ps(sum(0, 1), A0, B1);
    if (tiles == 2) {
      code.tileloadd(A1, Address.at(R12, R9, 1, 0));
      code.tdpbf16ps(sum(1, 0), A1, B0);
      code.tdpbf16ps(sum(1, 1), A1, B1);
    }
    for (int line = 0; line < next.lines(); line++) {
      next.line(line);
    }
    next.endRound();
    code.add(R13, ROW);
    code.add(R12, ROW);
    code.add(RBP, B_STEP);
  }

  /** A row of every tile a step; arrays do not begin on a cache line, so a row may touch three. */
  private void prefetchSums(int tiles) {
    for (int row = 0; row < tiles; row++) {
      for (int line = 0; line <= 2; line++) {
        code.prefetcht0(Address.at(R14, line * ROW));
      }
      code.add(R14, Address.at(RCX, Arguments.LDC));
    }
  }

  private void store(int tiles) {
    code.mov(R10, Address.at(RCX, Arguments.LDC));
    for (int row = 0; row < tiles; row++) {
      code.tilestored(Address.at(RDX, R10, 1, 0), sum(row, 0));
      code.tilestored(Address.at(RDX, R10, 1, ROW), sum(row, 1));
      code.mov(RAX, R10);
      code.shl(RAX, 4);
      code.add(RDX, RAX);
      code.mov(RAX, R9);
      code.shl(RAX, 4);
      code.add(RDI, RAX);
    }
  }

  private static Tile sum(int row, int column) {
    return new Tile(row * 2 + column);
  }
}
