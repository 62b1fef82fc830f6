package io.github.bunvec.engine.cpu.emit;

import io.github.bunvec.engine.cpu.kernel.WeightRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * How fast a BF16 kernel is here, and what FP32 could reach at best; GFLOP/s of one thread.
 *
 * <p>That an instruction exists does not make it fast: VDPBF16PS has twice the rate of FP32 on Zen
 * 4 and 5 and half of it on Sapphire Rapids.
 *
 * @param bf16 the kernel on data in the caches
 * @param fp32 fused multiply-adds of registers
 */
public record Bf16Speed(double bf16, double fp32) {

  /** By how much it must be faster: the timing is short, and rounding the inputs takes time. */
  private static final double GAIN = 1.3;

  private static final int ROUNDS = 12;
  private static final int M = 480;
  private static final int K = 512;
  private static final int FMA_STEPS = 4000;

  /**
   * Times a kernel: some milliseconds, the best of interleaved rounds.
   *
   * @param gemm the kernel
   * @return its speed
   */
  public static Bf16Speed of(Bf16Gemm gemm) {
    int n = gemm.instruction().columns;
    double bf16 = 0;
    double fp32 = 0;
    try (Arena arena = Arena.ofConfined();
        Bf16Rows rows = new Bf16Rows()) {
      Assembler code = new Assembler();
      FmaCode.write(code);
      MemorySegment fma = new MachineCode(code.code(), arena).function(0);
      MemorySegment values = arena.allocate(4L * M * K, 64);
      Bf16Weights weights =
          new Bf16Weights(
              gemm.instruction(),
              K,
              List.of(WeightRows.of(new float[n * K], K)),
              new float[n],
              new LargeMemory(arena));
      gemm.round(M, K, values, 0, K, rows);
      for (int i = 0; i < ROUNDS; i++) {
        long start = System.nanoTime();
        gemm.panel(weights, 0, 0, 0, M, rows, values, 0, n);
        bf16 = Math.max(bf16, 2.0 * M * K * n / (System.nanoTime() - start));
        rows.set(Arguments.STEPS, FMA_STEPS);
        start = System.nanoTime();
        MachineCode.call(fma, 0, 0, values, rows.arguments());
        fp32 =
            Math.max(fp32, (double) FMA_STEPS * FmaCode.OPERATIONS / (System.nanoTime() - start));
      }
    }
    return new Bf16Speed(bf16, fp32);
  }

  /**
   * Returns whether it pays to use it.
   *
   * @return true if it is clearly faster than FP32 can be
   */
  public boolean pays() {
    return bf16 >= GAIN * fp32;
  }
}
