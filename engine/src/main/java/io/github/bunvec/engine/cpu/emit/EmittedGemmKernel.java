package io.github.bunvec.engine.cpu.emit;

import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The micro-kernels of 512-bit vectors as machine code of our own, with prefetching: the panels and
 * the bits of {@link GemmKernel#ofBits GemmKernel.ofBits(512)}.
 *
 * <p>Arrays stay in the heap, and the garbage collector waits for a call to end; calls are kept
 * short.
 */
public final class EmittedGemmKernel implements GemmKernel {

  /** Operations of one call, at most: some 0.3 ms of one core. */
  private static final long CALL_OPERATIONS = 32_000_000;

  /** Passes over a panel that share the prefetching of the next one. */
  private static final int PREFETCHING_PASSES = 4;

  /** Functions that prefetch 0, 1, 2, .. cache lines a step; a panel is done in as many passes. */
  private record Functions(MemorySegment none, MemorySegment[] ofPasses) {

    MemorySegment of(int passes) {
      return ofPasses[Math.min(passes, ofPasses.length) - 1];
    }
  }

  private final Functions fp32;
  private final Functions bf16;

  /** Emits the kernels, which stay until the JVM ends. */
  EmittedGemmKernel() {
    this.fp32 = emit(false);
    this.bf16 = emit(true);
  }

  /** One function for each number of passes: together they prefetch a panel once. */
  private static Functions emit(boolean bf16) {
    int whole = PanelCode.bytesPerStep(bf16) / 64;
    int[] lines = new int[PREFETCHING_PASSES + 1];
    for (int passes = 1; passes <= PREFETCHING_PASSES; passes++) {
      lines[passes] = Math.ceilDiv(whole, passes);
    }
    Assembler code = new Assembler();
    int[] starts = new int[lines.length];
    for (int i = 0; i < lines.length; i++) {
      code.align(64);
      starts[i] = code.size();
      PanelCode.write(code, bf16, lines[i]);
    }
    MachineCode executable = new MachineCode(code.code(), Arena.global());
    MemorySegment[] ofPasses = new MemorySegment[PREFETCHING_PASSES];
    for (int i = 0; i < PREFETCHING_PASSES; i++) {
      ofPasses[i] = executable.function(starts[i + 1]);
    }
    return new Functions(executable.function(starts[0]), ofPasses);
  }

  @Override
  public int lanes() {
    return 16;
  }

  @Override
  public int rows() {
    return PanelCode.ROWS;
  }

  @Override
  public int columns() {
    return PanelCode.COLUMNS;
  }

  @Override
  public void panel(
      int m,
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    multiply(
        fp32,
        m,
        k,
        a,
        aOffset,
        lda,
        MemorySegment.ofArray(b),
        bOffset,
        init,
        initOffset,
        initStride,
        c,
        cOffset,
        ldc);
  }

  @Override
  public void panelBf16(
      int m,
      int k,
      float[] a,
      int aOffset,
      int lda,
      int[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    multiply(
        bf16,
        m,
        k,
        a,
        aOffset,
        lda,
        MemorySegment.ofArray(b),
        bOffset,
        init,
        initOffset,
        initStride,
        c,
        cOffset,
        ldc);
  }

  private static void multiply(
      Functions functions,
      int m,
      int k,
      float[] a,
      int aOffset,
      int lda,
      MemorySegment b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    int most = rowsOfCall(k);
    for (int row = 0; row < m; ) {
      boolean prefetching = row == 0;
      int rows = Math.min(m - row, prefetching ? Math.min(most, FIRST_ROWS) : most);
      MachineCode.callPanel(
          prefetching ? functions.of(Math.ceilDiv(rows, PanelCode.ROWS)) : functions.none(),
          MemorySegment.ofArray(a),
          b,
          MemorySegment.ofArray(init),
          MemorySegment.ofArray(c),
          rows,
          k,
          4L * (aOffset + row * lda),
          4L * bOffset,
          4L * (initOffset + row * initStride),
          4L * (cOffset + row * ldc),
          4L * lda,
          4L * initStride,
          4L * ldc);
      row += rows;
    }
  }

  private static final int FIRST_ROWS = PREFETCHING_PASSES * PanelCode.ROWS;

  private static int rowsOfCall(int k) {
    long tiles = CALL_OPERATIONS / (2L * k * PanelCode.COLUMNS) / PanelCode.ROWS;
    return (int) Math.max(1, tiles) * PanelCode.ROWS;
  }
}
