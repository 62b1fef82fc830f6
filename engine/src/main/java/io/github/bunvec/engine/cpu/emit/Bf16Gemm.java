package io.github.bunvec.engine.cpu.emit;

import io.github.bunvec.engine.cpu.kernel.Gemm;
import io.github.bunvec.engine.cpu.kernel.WeightRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Matrix products of BF16 inputs, summed in FP32: {@code C = A W^T + bias} panel by panel.
 *
 * <p>Every element is one chain of sums with k ascending from the bias on, so that results do not
 * depend on the number of rows, on panels or on threads. They differ between the instructions.
 */
public final class Bf16Gemm implements AutoCloseable {

  /** 128 rows of 3072 values are 0.8 MB, and take 0.8 ms at 64 GFLOP/s, the slowest known. */
  private static final int ROWS_AT_ONCE = 128;

  private final Bf16Instruction instruction;
  private final Arena arena = Arena.ofShared();
  private final LargeMemory large = new LargeMemory(arena);
  private final MemorySegment conversion;

  /** Prefetching nothing, a quarter of the next panel in a pass over this one, half of it, all. */
  private final MemorySegment[] panel;

  private Bf16Gemm(Bf16Instruction instruction) {
    this.instruction = instruction;
    Assembler code = new Assembler();
    ConversionCode.write(code);
    int whole = instruction.linesPerStep();
    int[] lines = {0, whole / 4, whole / 2, whole};
    int[] starts = new int[lines.length];
    for (int i = 0; i < lines.length; i++) {
      code.align(64);
      starts[i] = code.size();
      switch (instruction) {
        case DOT_PRODUCT -> DotProductCode.write(code, lines[i]);
        case TILES -> TileCode.write(code, lines[i]);
      }
    }
    MachineCode executable = new MachineCode(code.code(), arena);
    conversion = executable.function(0);
    panel = new MemorySegment[starts.length];
    for (int i = 0; i < starts.length; i++) {
      panel[i] = executable.function(starts[i]);
    }
  }

  /**
   * Emits the kernels.
   *
   * @param instruction one that is there, see {@link Bf16Offer}
   * @return the kernels
   */
  public static Bf16Gemm of(Bf16Instruction instruction) {
    return new Bf16Gemm(instruction);
  }

  /**
   * Returns which instruction it uses.
   *
   * @return the instruction
   */
  public Bf16Instruction instruction() {
    return instruction;
  }

  /**
   * Returns the width of a panel.
   *
   * @return columns, a multiple of every vector length
   */
  public int columns() {
    return instruction.columns;
  }

  /**
   * Packs a layer; weights are rounded to nearest even and stay until this is closed.
   *
   * @param k the number of inputs
   * @param weights matrices to stack, each [outputs, k]
   * @param bias [sum of outputs]
   * @return the packed layer
   */
  public Bf16Weights pack(int k, List<WeightRows> weights, float[] bias) {
    return new Bf16Weights(instruction, k, weights, bias, large);
  }

  /**
   * Rounds the rows of A, which {@link #panel} then multiplies.
   *
   * @param m rows, at least 1
   * @param k columns
   * @param values where A is
   * @param offset where it starts, in values
   * @param lda its leading dimension, in values
   * @param rows receives it
   */
  public void round(int m, int k, MemorySegment values, int offset, int lda, Bf16Rows rows) {
    check(m, k, values, offset, lda);
    rows.reserve(m, k);
    int last = k - (rows.steps() - 1) * ConversionCode.STEP;
    rows.set(Arguments.ROWS, m);
    rows.set(Arguments.STEPS, rows.steps());
    rows.set(Arguments.LDA, rows.ldaBytes());
    rows.set(Arguments.LDC, 4L * lda);
    rows.set(Arguments.OFFSET, 4L * offset);
    rows.set(Arguments.MASK, (1L << last) - 1);
    MachineCode.call(conversion, rows.address(0), 0, values, rows.arguments());
  }

  /**
   * Returns how many rows to multiply by all panels before the next ones.
   *
   * <p>Few enough that they stay in L2 while the panels pass, and that a call is over within a
   * millisecond; enough that reading the weights once more for the next ones costs little.
   *
   * @param m rows in all
   * @return rows, a multiple of the register tile's
   */
  public int rowsAtOnce(int m) {
    int even = Math.ceilDiv(m, Math.ceilDiv(m, ROWS_AT_ONCE));
    return Math.ceilDiv(even, instruction.rows) * instruction.rows;
  }

  /**
   * Multiplies some rows by one panel.
   *
   * @param weights W and the bias
   * @param index which panel
   * @param next which panel will be multiplied next: its weights are prefetched; the same for none
   * @param row first row of A and C
   * @param count how many, at most {@link #rowsAtOnce}
   * @param rows A, as {@link #round} left it
   * @param values where C goes: [m, panels * columns], zeros behind the last output
   * @param offset where C starts, in values
   * @param ldc its leading dimension, in values
   */
  public void panel(
      Bf16Weights weights,
      int index,
      int next,
      int row,
      int count,
      Bf16Rows rows,
      MemorySegment values,
      int offset,
      int ldc) {
    int c = offset + row * ldc + index * instruction.columns;
    check(count, instruction.columns, values, c, ldc);
    rows.set(Arguments.ROWS, count);
    rows.set(Arguments.STEPS, weights.steps());
    rows.set(Arguments.LDA, rows.ldaBytes());
    rows.set(Arguments.LDC, 4L * ldc);
    rows.set(Arguments.OFFSET, 4L * c);
    rows.set(Arguments.BIAS, weights.biasAddress(index));
    rows.set(Arguments.PREFETCH, weights.panelAddress(next));
    if (instruction == Bf16Instruction.TILES) {
      rows.setTiles(count);
    }
    MachineCode.call(
        panel[next == index ? 0 : variant(count)],
        rows.address(row),
        weights.panelAddress(index),
        values,
        rows.arguments());
  }

  /**
   * Which function fetches one panel while so many rows pass; a quarter in each pass is the least.
   */
  private int variant(int rows) {
    int passes = Math.ceilDiv(rows, instruction.rows);
    return passes == 1 ? 3 : (passes < 4 ? 2 : 1);
  }

  private static void check(int rows, int columns, MemorySegment x, int offset, int stride) {
    Gemm.check(rows, columns, x.byteSize() / 4, offset, stride);
  }

  /** Frees the code and all weights packed; nothing may be running. Idempotent. */
  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
