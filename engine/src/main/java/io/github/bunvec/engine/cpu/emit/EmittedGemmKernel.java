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

  /** Passes over a panel that share the prefetching of the next one. */
  private static final int PREFETCHING_PASSES = 4;

  private static final int PREFETCHING_ROWS = PREFETCHING_PASSES * PanelForm.ROWS;

  /** Functions that prefetch nothing, or all of a panel in 1, 2, .. passes. */
  private record Functions(MemorySegment none, MemorySegment[] ofPasses) {

    MemorySegment of(int passes) {
      return ofPasses[Math.min(passes, ofPasses.length) - 1];
    }
  }

  private final PanelForm form;
  private final Functions fp32;
  private final Functions bf16;

  // Emitted when first asked for; they stay until the JVM ends.
  private static final class Avx512 {
    static final EmittedGemmKernel INSTANCE = new EmittedGemmKernel(PanelForm.AVX512);
  }

  private static final class Avx2 {
    static final EmittedGemmKernel INSTANCE = new EmittedGemmKernel(PanelForm.AVX2);
  }

  private EmittedGemmKernel(PanelForm form) {
    this.form = form;
    this.fp32 = emit(form, false);
    this.bf16 = emit(form, true);
  }

  /** Returns the kernels; the machine must have the instructions and allow code to be emitted. */
  static EmittedGemmKernel of(PanelForm form) {
    return form == PanelForm.AVX512 ? Avx512.INSTANCE : Avx2.INSTANCE;
  }

  /**
   * One function for each number of passes: together they prefetch a panel once, evenly. A third of
   * it is no whole number of lines; rounding up to one costs a tenth at 13 to 18 rows.
   */
  private static Functions emit(PanelForm form, boolean bf16) {
    int whole = form.steps * form.bytesPerStep(bf16);
    int[] bytes = new int[PREFETCHING_PASSES + 1];
    for (int passes = 1; passes <= PREFETCHING_PASSES; passes++) {
      bytes[passes] = Math.ceilDiv(whole, passes);
    }
    Assembler code = new Assembler();
    int[] starts = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      code.align(64);
      starts[i] = code.size();
      PanelCode.write(code, form, bf16, bytes[i]);
    }
    MachineCode executable = new MachineCode(code.code(), Arena.global());
    MemorySegment[] ofPasses = new MemorySegment[PREFETCHING_PASSES];
    for (int i = 0; i < PREFETCHING_PASSES; i++) {
      ofPasses[i] = executable.function(starts[i + 1]);
    }
    return new Functions(executable.function(starts[0]), ofPasses);
  }

  PanelForm form() {
    return form;
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
      boolean prefetching = prefetch && row == 0;
      int rows = Math.min(m - row, prefetching ? Math.min(most, PREFETCHING_ROWS) : most);
      MachineCode.callPanel(
          prefetching ? functions.of(Math.ceilDiv(rows, PanelForm.ROWS)) : functions.none(),
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
