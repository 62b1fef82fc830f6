package io.github.bunvec.engine.cpu.emit;

import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The micro-kernels of 512-bit or 256-bit vectors as machine code of our own, with prefetching: the
 * panels and the bits of {@link GemmKernel#ofBits}.
 *
 * <p>Arrays stay in the heap, and the garbage collector waits for a call to end; calls are kept
 * short. The methods of {@link GemmKernel} make objects of their arrays, {@link PanelGemm} does
 * not.
 */
public final class EmittedGemmKernel implements GemmKernel {

  /** Operations of one call, at most: 0.3 to 0.6 ms of one core. */
  private static final long CALL_OPERATIONS = 32_000_000;

  /** Passes over a panel that share the prefetching of the next one, at most; a power of 2. */
  private static final int PREFETCHING_PASSES = 4;

  /**
   * Functions that prefetch nothing, and those with which one pass over a panel, two, four prefetch
   * the next one.
   */
  private record Functions(MemorySegment none, MemorySegment[] prefetching) {

    /** Of the passes at hand so many are used: a power of 2. */
    int passes(int atHand) {
      return Math.min(Integer.highestOneBit(atHand), 1 << (prefetching.length - 1));
    }

    MemorySegment of(int passes) {
      return prefetching[Integer.numberOfTrailingZeros(passes)];
    }
  }

  private final PanelForm form;
  private final Functions fp32;
  private final Functions bf16;
  private final MemorySegment transposition;

  /** Emits the kernels, which stay until the JVM ends; the processor must have the form's. */
  EmittedGemmKernel(PanelForm form) {
    this.form = form;
    this.fp32 = emit(form, false);
    this.bf16 = emit(form, true);
    Assembler code = new Assembler();
    TranspositionCode.write(code, form.columns());
    this.transposition = new MachineCode(code.code(), Arena.global()).function(0);
  }

  private static Functions emit(PanelForm form, boolean bf16) {
    int whole = form.linesPerRound(bf16);
    int[] lines = new int[2 + Integer.numberOfTrailingZeros(Math.min(whole, PREFETCHING_PASSES))];
    for (int i = 1; i < lines.length; i++) {
      lines[i] = whole >> (i - 1);
    }
    Assembler code = new Assembler();
    int[] starts = new int[lines.length];
    for (int i = 0; i < lines.length; i++) {
      code.align(64);
      starts[i] = code.size();
      PanelCode.write(code, form, bf16, lines[i]);
    }
    MachineCode executable = new MachineCode(code.code(), Arena.global());
    MemorySegment[] prefetching = new MemorySegment[lines.length - 1];
    for (int i = 0; i < prefetching.length; i++) {
      prefetching[i] = executable.function(starts[i + 1]);
    }
    return new Functions(executable.function(starts[0]), prefetching);
  }

  PanelForm form() {
    return form;
  }

  /** Writes the rows of a panel, [columns, k], as {@code [k][columns]} floats to an address. */
  void transpose(float[] rows, int k, long to) {
    MachineCode.call(transposition, to, k, MemorySegment.ofArray(rows), columns());
  }

  @Override
  public int lanes() {
    return form.lanes;
  }

  @Override
  public int rows() {
    return PanelForm.ROWS;
  }

  @Override
  public int columns() {
    return form.columns();
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
        false,
        true,
        m,
        k,
        MemorySegment.ofArray(a),
        aOffset,
        lda,
        MemorySegment.ofArray(b),
        4L * bOffset,
        MemorySegment.ofArray(init),
        4L * initOffset,
        initStride,
        MemorySegment.ofArray(c),
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
        true,
        true,
        m,
        k,
        MemorySegment.ofArray(a),
        aOffset,
        lda,
        MemorySegment.ofArray(b),
        4L * bOffset,
        MemorySegment.ofArray(init),
        4L * initOffset,
        initStride,
        MemorySegment.ofArray(c),
        cOffset,
        ldc);
  }

  /**
   * Multiplies one panel; where weights and init start is given in bytes, behind an array or from
   * address 0 on.
   */
  void multiply(
      boolean bf16Weights,
      boolean prefetch,
      int m,
      int k,
      MemorySegment a,
      int aOffset,
      int lda,
      MemorySegment b,
      long bStart,
      MemorySegment init,
      long initStart,
      int initStride,
      MemorySegment c,
      int cOffset,
      int ldc) {
    Functions functions = bf16Weights ? bf16 : fp32;
    int most = rowsOfCall(k);
    for (int row = 0; row < m; ) {
      int passes = functions.passes(Math.ceilDiv(m - row, PanelForm.ROWS));
      boolean prefetching = prefetch && row == 0 && passes * PanelForm.ROWS <= most;
      int rows = Math.min(m - row, prefetching ? passes * PanelForm.ROWS : most);
      MachineCode.callPanel(
          prefetching ? functions.of(passes) : functions.none(),
          a,
          b,
          init,
          c,
          rows,
          k,
          4L * (aOffset + row * lda),
          bStart,
          initStart + 4L * row * initStride,
          4L * (cOffset + row * ldc),
          4L * lda,
          4L * initStride,
          4L * ldc);
      row += rows;
    }
  }

  private int rowsOfCall(int k) {
    long tiles = CALL_OPERATIONS / (2L * k * form.columns()) / PanelForm.ROWS;
    return (int) Math.max(1, tiles) * PanelForm.ROWS;
  }
}
