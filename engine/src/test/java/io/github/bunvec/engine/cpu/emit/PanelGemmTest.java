package io.github.bunvec.engine.cpu.emit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.bunvec.engine.cpu.kernel.Gemm;
import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import io.github.bunvec.engine.cpu.kernel.PackedMatrix;
import io.github.bunvec.engine.cpu.kernel.WeightRows;
import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.WeightType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole layers by machine code against plain loops: every bit, few rows and many. */
class PanelGemmTest {

  @ParameterizedTest
  @EnumSource(PanelForm.class)
  void layersEqualPlainLoops(PanelForm form) {
    EmittedGemmKernel kernel = PanelOffer.of(form).kernel();
    assumeTrue(kernel != null, PanelOffer.of(form).reason());
    long seed = System.nanoTime();
    try (PanelGemm gemm = new PanelGemm(kernel);
        UnpackedPanel unpacked = new UnpackedPanel()) {
      for (WeightType type : WeightType.values()) {
        // Around the number of rows from which weights are unpacked; parts of K of both forms.
        for (int m : new int[] {1, 7, 95, 96, 97, 150}) {
          for (int k : new int[] {1, 37, 256, 1300}) {
            check(gemm, kernel, unpacked, type, m, k, new Random(seed), "seed " + seed);
          }
        }
      }
    }
  }

  private static void check(
      PanelGemm gemm,
      GemmKernel kernel,
      UnpackedPanel unpacked,
      WeightType type,
      int m,
      int k,
      Random random,
      String seed) {
    int n = 1 + random.nextInt(3 * gemm.columns());
    float[] w = floats(random, n * k);
    float[] bias = floats(random, n);
    PanelWeights weights = gemm.pack(type, k, List.of(WeightRows.of(w, k)), bias);
    PackedMatrix plain =
        PackedMatrix.pack(GemmKernel.plain(kernel), type, k, List.of(WeightRows.of(w, k)), bias);
    int ldc = weights.panels() * gemm.columns();
    int c = m * k;
    float[] expected = floats(random, c + m * ldc);
    float[] found = expected.clone();
    Gemm.linear(
        GemmKernel.plain(kernel),
        plain,
        Activation.NONE,
        0,
        plain.panels(),
        m,
        expected,
        0,
        k,
        expected,
        c,
        ldc);
    MemorySegment values = MemorySegment.ofArray(found);
    for (int panel = 0; panel < weights.panels(); panel++) {
      boolean next = panel + 1 < weights.panels();
      gemm.panel(weights, panel, next, m, values, 0, k, c, ldc, unpacked);
    }
    assertArrayEquals(expected, found, seed + " " + type + " m=" + m + " k=" + k + " n=" + n);
  }

  private static float[] floats(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
