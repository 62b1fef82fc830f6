package io.github.bunvec.engine.cpu.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.WeightType;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The micro-kernels and the macro-kernel against a scalar loop of fused multiply-adds.
 *
 * <p>The contract fixes the order of every sum, so results are compared by bits, which also proves
 * that no width, tile or cut of K shows.
 */
class GemmKernelTest {

  /** The three vector widths and, for the panels of each, the plain loops. */
  static List<GemmKernel> kernels() {
    return Stream.of(512, 256, 128)
        .map(GemmKernel::ofBits)
        .flatMap(kernel -> Stream.of(kernel, new PlainGemmKernel(kernel)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void panelEqualsScalarLoop(GemmKernel kernel) {
    int nr = kernel.columns();
    RandomShapes.check(
        60,
        random -> {
          int m = 1 + random.nextInt(20);
          int k = 1 + random.nextInt(40);
          int lda = k + random.nextInt(5);
          int ldc = nr + random.nextInt(9);
          boolean accumulate = random.nextBoolean();
          float[] a = RandomShapes.floats(random, 3 + m * lda);
          float[] b = RandomShapes.floats(random, 5 + k * nr);
          float[] bias = RandomShapes.floats(random, nr);
          float[] c = RandomShapes.floats(random, 7 + m * ldc);
          float[] expected = c.clone();
          for (int i = 0; i < m; i++) {
            for (int j = 0; j < nr; j++) {
              float sum = accumulate ? c[7 + i * ldc + j] : bias[j];
              for (int p = 0; p < k; p++) {
                sum = Math.fma(a[3 + i * lda + p], b[5 + p * nr + j], sum);
              }
              expected[7 + i * ldc + j] = sum;
            }
          }
          float[] init = accumulate ? c : bias;
          kernel.panel(
              m, k, a, 3, lda, b, 5, init, accumulate ? 7 : 0, accumulate ? ldc : 0, c, 7, ldc);
          assertSameBits(expected, c, "m=" + m + " k=" + k);
        });
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void linearEqualsScalarLoop(GemmKernel kernel) {
    RandomShapes.check(
        30, random -> linear(random, kernel, 1 + random.nextInt(150), 1 + random.nextInt(90)));
    // Longer than one part of K, with a rest.
    RandomShapes.check(1, random -> linear(random, kernel, 2 * 1024 + 5, 70));
  }

  /** Plain loops at first, the vector kernels once they are compiled; never other values. */
  @Test
  void warmsUpAndThenUsesTheVectorKernels() throws InterruptedException {
    GemmKernel vectors = GemmKernel.ofBits(VectorWidth.bits());
    WarmingGemmKernel kernel =
        new WarmingGemmKernel(vectors, GemmKernel.plain(vectors), WeightType.BF16);
    kernel.start();
    // No bound on how long compilation may take on a loaded machine but the kernel's own, a minute.
    while (!kernel.isWarm() && !kernel.hasGivenUp()) {
      RandomShapes.check(1, random -> linear(random, kernel, 70, 60));
      Thread.sleep(1);
    }
    assertTrue(kernel.isWarm());
    RandomShapes.check(10, random -> linear(random, kernel, 70, 60));
  }

  @Test
  void warmsUpOnlyWithPanelsOfTheSameWidth() {
    GemmKernel other = GemmKernel.plain(GemmKernel.ofBits(128));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new WarmingGemmKernel(GemmKernel.ofBits(512), other, WeightType.FP32));
    assertEquals("panels of " + other.columns() + " columns for those of 64", e.getMessage());
  }

  private static void linear(Random random, GemmKernel kernel, int k, int n) {
    int m = 1 + random.nextInt(15);
    int first = random.nextInt(n);
    List<float[]> weights =
        List.of(
            RandomShapes.floats(random, first * k), RandomShapes.floats(random, (n - first) * k));
    float[] bias = RandomShapes.floats(random, n);
    boolean bf16 = random.nextBoolean();
    PackedMatrix packed =
        bf16
            ? PackedMatrix.bf16(kernel, k, weights, bias)
            : PackedMatrix.fp32(kernel, k, weights, bias);
    int lda = k + random.nextInt(3);
    int ldc = packed.panels() * kernel.columns() + random.nextInt(3);
    float[] a = RandomShapes.floats(random, m * lda);
    float[] c = RandomShapes.floats(random, m * ldc);
    // In two calls, as two workers would share it.
    int middle = random.nextInt(packed.panels() + 1);
    Gemm.linear(kernel, packed, Activation.NONE, 0, middle, m, a, 0, lda, c, 0, ldc);
    Gemm.linear(kernel, packed, Activation.NONE, middle, packed.panels(), m, a, 0, lda, c, 0, ldc);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float[] part = j < first ? weights.getFirst() : weights.getLast();
        int row = (j < first ? j : j - first) * k;
        float sum = bias[j];
        for (int p = 0; p < k; p++) {
          float w = part[row + p];
          sum = Math.fma(a[i * lda + p], bf16 ? Bfloat16.toFloat(Bfloat16.fromFloat(w)) : w, sum);
        }
        assertEquals(sum, c[i * ldc + j], 0f, "m=" + m + " n=" + n + " k=" + k + " bf16=" + bf16);
      }
      for (int j = n; j < packed.panels() * kernel.columns(); j++) {
        assertEquals(0f, c[i * ldc + j], "zero behind the last output");
      }
    }
  }

  static void assertSameBits(float[] expected, float[] found, String what) {
    assertEquals(expected.length, found.length, what);
    for (int i = 0; i < expected.length; i++) {
      if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(found[i])) {
        throw new AssertionError(
            what + ": [" + i + "] is " + found[i] + ", expected " + expected[i]);
      }
    }
  }
}
