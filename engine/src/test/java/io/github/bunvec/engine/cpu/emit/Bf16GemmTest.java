package io.github.bunvec.engine.cpu.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.bunvec.engine.cpu.kernel.Bfloat16;
import io.github.bunvec.engine.cpu.kernel.WeightRows;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The emitted kernels, where this machine has their instruction, against sums in double. */
class Bf16GemmTest {

  private static final int LDA_PAST = 5;

  private static Bf16Gemm open(Bf16Instruction instruction) {
    var reason = Bf16Offer.unavailableReason(instruction);
    assumeTrue(reason.isEmpty(), () -> "not run: " + reason.orElseThrow());
    return Bf16Gemm.of(instruction);
  }

  private static float[] floats(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static List<WeightRows> rows(float[] values, int k) {
    return List.of(WeightRows.of(values, k));
  }

  private static float rounded(float value) {
    return Bfloat16.toFloat(Bfloat16.fromFloat(value));
  }

  /** Multiplies as the backend does; C lies behind A in the same array. */
  private static float[] multiply(
      Bf16Gemm gemm, Bf16Weights weights, int m, float[] a, int lda, Bf16Rows rows) {
    int ldc = weights.panels() * gemm.instruction().columns + 3;
    float[] values = Arrays.copyOf(a, a.length + m * ldc);
    Arrays.fill(values, a.length, values.length, Float.NaN);
    MemorySegment segment = MemorySegment.ofArray(values);
    gemm.round(m, weights.inFeatures(), segment, 0, lda, rows);
    int most = gemm.rowsAtOnce(m);
    for (int row = 0; row < m; row += most) {
      int count = Math.min(most, m - row);
      for (int panel = 0; panel < weights.panels(); panel++) {
        int next = (panel + 1) % weights.panels();
        gemm.panel(weights, panel, next, row, count, rows, segment, a.length, ldc);
      }
    }
    float[] c = new float[m * weights.outFeatures()];
    for (int i = 0; i < m; i++) {
      int row = a.length + i * ldc;
      System.arraycopy(values, row, c, i * weights.outFeatures(), weights.outFeatures());
      for (int j = weights.outFeatures(); j < ldc - 3; j++) {
        assertEquals(0, values[row + j], "behind the last output");
      }
      for (int j = ldc - 3; j < ldc && row + j < values.length; j++) {
        assertTrue(Float.isNaN(values[row + j]), "written behind the last panel");
      }
    }
    return c;
  }

  /**
   * {@code |error| <= (k + 1) eps sum |a||b|} in the sums of float; inputs are rounded alike on
   * both sides.
   */
  @ParameterizedTest
  @EnumSource(Bf16Instruction.class)
  void sumsAreThoseOfRoundedInputs(Bf16Instruction instruction) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (Bf16Gemm gemm = open(instruction);
        Bf16Rows rows = new Bf16Rows()) {
      for (int round = 0; round < 60; round++) {
        int m = round < 40 ? round + 1 : 1 + random.nextInt(300);
        int k = 1 + random.nextInt(round % 2 == 0 ? 80 : 800);
        int n = 1 + random.nextInt(200);
        int lda = k + random.nextInt(LDA_PAST);
        String shape = "seed " + seed + ": " + m + " x " + n + " x " + k;
        float[] a = floats(random, m * lda);
        float[] w = floats(random, n * k);
        float[] bias = floats(random, n);
        float[] c = multiply(gemm, gemm.pack(k, rows(w, k), bias), m, a, lda, rows);
        for (int i = 0; i < m; i++) {
          for (int j = 0; j < n; j++) {
            double sum = bias[j];
            double size = Math.abs(sum);
            for (int p = 0; p < k; p++) {
              double product = (double) rounded(a[i * lda + p]) * rounded(w[j * k + p]);
              sum += product;
              size += Math.abs(product);
            }
            assertEquals(sum, c[i * n + j], (k + 1) * 0x1p-24 * size, shape);
          }
        }
      }
    }
  }

  /** A row's result is the same to the bit alone and among others. */
  @ParameterizedTest
  @EnumSource(Bf16Instruction.class)
  void rowsDoNotDependOnTheirCompany(Bf16Instruction instruction) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (Bf16Gemm gemm = open(instruction);
        Bf16Rows rows = new Bf16Rows()) {
      int k = 900;
      int n = 130;
      int most = 300; // in more than one part
      float[] a = floats(random, most * k);
      Bf16Weights weights = gemm.pack(k, rows(floats(random, n * k), k), floats(random, n));
      float[] all = multiply(gemm, weights, most, a, k, rows);
      for (int m = 1; m <= 70; m++) {
        int from = random.nextInt(most - m);
        float[] part = Arrays.copyOfRange(a, from * k, (from + m) * k);
        float[] found = multiply(gemm, weights, m, part, k, rows);
        float[] expected = Arrays.copyOfRange(all, from * n, (from + m) * n);
        assertTrue(Arrays.equals(expected, found), "seed " + seed + ": " + m + " rows");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Bf16Instruction.class)
  void refusesWhatDoesNotFit(Bf16Instruction instruction) {
    try (Bf16Gemm gemm = open(instruction);
        Bf16Rows rows = new Bf16Rows()) {
      MemorySegment values = MemorySegment.ofArray(new float[100]);
      assertThrows(IllegalArgumentException.class, () -> gemm.round(2, 60, values, 0, 60, rows));
      assertThrows(IllegalArgumentException.class, () -> gemm.round(1, 60, values, 0, 50, rows));
      assertThrows(
          IllegalArgumentException.class, () -> gemm.pack(4, rows(new float[12], 4), new float[2]));
      assertThrows(
          IllegalArgumentException.class, () -> gemm.pack(4, rows(new float[12], 4), new float[4]));
    }
  }
}
