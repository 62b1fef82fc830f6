package io.github.bunvec.engine.cpu.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayerNormKernelTest {

  @Test
  void equalsItsScalarTwinToTheBit() {
    RandomShapes.check(300, random -> check(random, 1 + random.nextInt(300), 1));
    RandomShapes.check(20, random -> check(random, 1024, 1e6f));
    RandomShapes.check(20, random -> check(random, 768, 1e-20f));
  }

  private static void check(Random random, int n, float scale) {
    int padded = VectorWidth.roundUp(n);
    float[] weight = Arrays.copyOf(RandomShapes.floats(random, n), padded);
    float[] bias = Arrays.copyOf(RandomShapes.floats(random, n), padded);
    float[] x = RandomShapes.floats(random, n);
    float[] y = RandomShapes.floats(random, 5 + padded);
    for (int i = 0; i < n; i++) {
      x[i] *= scale;
      y[5 + i] *= scale;
    }
    float[] twin = Arrays.copyOfRange(y, 5, 5 + n);
    ScalarTwins.addAndNormalize(n, x, twin, weight, bias, 1e-12f);
    LayerNormKernel.addAndNormalize(
        n, x, 0, y, 5, weight, bias, 1e-12f, new float[VectorWidth.PARTIALS]);
    GemmKernelTest.assertSameBits(twin, Arrays.copyOfRange(y, 5, 5 + n), "n=" + n);
    for (int i = n; i < padded; i++) {
      assertEquals(0f, y[5 + i], "zero behind the row");
    }
  }

  /** Rows go in pairs, with one left over where their number is odd; values between are kept. */
  @Test
  void severalRowsHaveTheBitsOfEachAlone() {
    GemmKernel compiled = GemmKernel.ofBits(VectorWidth.bits());
    RandomShapes.check(
        200,
        random -> {
          int n = 1 + random.nextInt(100);
          int padded = VectorWidth.roundUp(n);
          int rows = random.nextInt(6);
          int xStride = padded + random.nextInt(5);
          int yStride = padded + random.nextInt(5);
          float[] weight = Arrays.copyOf(RandomShapes.floats(random, n), padded);
          float[] bias = Arrays.copyOf(RandomShapes.floats(random, n), padded);
          float[] x = RandomShapes.floats(random, 3 + rows * xStride);
          float[] y = RandomShapes.floats(random, 4 + rows * yStride);
          float[] expected = y.clone();
          float[] partial = new float[2 * VectorWidth.PARTIALS];
          for (int row = 0; row < rows; row++) {
            int at = 4 + row * yStride;
            LayerNormKernel.addAndNormalize(
                n, x, 3 + row * xStride, expected, at, weight, bias, 1e-5f, partial);
          }
          LayerNormKernel.addAndNormalize(
              compiled, rows, n, x, 3, xStride, y, 4, yStride, weight, bias, 1e-5f, partial);
          GemmKernelTest.assertSameBits(expected, y, rows + " rows of " + n);
        });
  }

  /** The same as with a residual of zeros. */
  @Test
  void withoutAResidual() {
    RandomShapes.check(
        100,
        random -> {
          int n = 1 + random.nextInt(300);
          int padded = VectorWidth.roundUp(n);
          float[] weight = Arrays.copyOf(RandomShapes.floats(random, n), padded);
          float[] bias = Arrays.copyOf(RandomShapes.floats(random, n), padded);
          float[] y = RandomShapes.floats(random, 5 + padded);
          float[] twin = Arrays.copyOfRange(y, 5, 5 + n);
          ScalarTwins.addAndNormalize(n, new float[n], twin, weight, bias, 1e-5f);
          LayerNormKernel.normalize(n, y, 5, weight, bias, 1e-5f, new float[VectorWidth.PARTIALS]);
          GemmKernelTest.assertSameBits(twin, Arrays.copyOfRange(y, 5, 5 + n), "n=" + n);
        });
  }

  @Test
  void isCloseToDoublePrecision() {
    RandomShapes.check(
        50,
        random -> {
          int n = 1 + random.nextInt(1000);
          int padded = VectorWidth.roundUp(n);
          float[] ones = new float[padded];
          Arrays.fill(ones, 0, n, 1f);
          float[] x = RandomShapes.floats(random, n);
          float[] y = Arrays.copyOf(RandomShapes.floats(random, n), padded);
          double[] exact = new double[n];
          double mean = 0;
          for (int i = 0; i < n; i++) {
            exact[i] = (double) x[i] + y[i] + 3;
            y[i] += 3;
            mean += exact[i] / n;
          }
          double variance = 1e-5;
          for (double value : exact) {
            variance += (value - mean) * (value - mean) / n;
          }
          LayerNormKernel.addAndNormalize(
              n, x, 0, y, 0, ones, new float[padded], 1e-5f, new float[16]);
          for (int i = 0; i < n; i++) {
            assertEquals((exact[i] - mean) / Math.sqrt(variance), y[i], 4e-6, "n=" + n);
          }
        });
  }

  @Test
  void aConstantRowGivesTheBias() {
    float[] y = new float[32];
    Arrays.fill(y, 7f);
    float[] bias = RandomShapes.floats(new Random(1), 32);
    LayerNormKernel.addAndNormalize(
        32, new float[32], 0, y, 0, new float[32], bias, 1e-12f, new float[16]);
    GemmKernelTest.assertSameBits(bias, y, "constant row");
  }
}
