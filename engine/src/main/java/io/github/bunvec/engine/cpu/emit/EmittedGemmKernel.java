package io.github.bunvec.engine.cpu.emit;

import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

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
  record Functions(MemorySegment none, MemorySegment[] prefetching) {

    /** Of the passes at hand so many are used: a power of 2. */
    int passes(int atHand) {
      return Math.min(Integer.highestOneBit(atHand), 1 << (prefetching.length - 1));
    }

    MemorySegment of(int passes) {
      return prefetching[Integer.numberOfTrailingZeros(passes)];
    }

    /** The same of which each prefetches half as much. */
    Functions half() {
      return new Functions(none, Arrays.copyOfRange(prefetching, 1, prefetching.length));
    }
  }

  private final PanelForm form;

  /** For weights in FP32. */
  final Functions fp32;

  /** For weights in BF16. */
  final Functions bf16;

  /** For weights that were unpacked to FP32, where the next ones are in BF16. */
  final Functions unpacked;

  private final MemorySegment transposition;
  private final MemorySegment unpacking;

  /** Emits the kernels, which stay until the JVM ends; the processor must have the form's. */
  EmittedGemmKernel(PanelForm form) {
    this.form = form;
    this.fp32 = emit(form, false);
    this.bf16 = emit(form, true);
    this.unpacked = fp32.half();
    Assembler code = new Assembler();
    TranspositionCode.write(code, form.columns());
    code.align(64);
    int second = code.size();
    UnpackingCode.write(code, form);
    MachineCode executable = new MachineCode(code.code(), Arena.global());
    this.transposition = executable.function(0);
    this.unpacking = executable.function(second);
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

  /** Writes k rows of a panel of BF16 weights, {@code [k][columns / 2]}, as floats. */
  void unpack(long from, int k, long to) {
    MachineCode.call(unpacking, to, from, MemorySegment.NULL, k);
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
        fp32,
        (long) k * form.bytesPerStep(false),
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
        bf16,
        (long) k * form.bytesPerStep(true),
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
   *
   * @param ahead bytes from the start of the weights to what is prefetched; 0 for nothing
   */
  void multiply(
      Functions functions,
      long ahead,
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
    int most = rowsOfCall(k);
    for (int row = 0; row < m; ) {
      int passes = functions.passes(Math.ceilDiv(m - row, PanelForm.ROWS));
      boolean prefetching = ahead != 0 && row == 0 && passes * PanelForm.ROWS <= most;
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
          4L * ldc,
          ahead);
      row += rows;
    }
  }

  private int rowsOfCall(int k) {
    long tiles = CALL_OPERATIONS / (2L * k * form.columns()) / PanelForm.ROWS;
    return (int) Math.max(1, tiles) * PanelForm.ROWS;
  }
}
