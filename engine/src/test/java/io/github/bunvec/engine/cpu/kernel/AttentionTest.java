package io.github.bunvec.engine.cpu.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionTest {

  /** Of heads: those of real models, and such as are no multiple of a vector. */
  private static final int[] WIDTHS = {1, 4, 12, 20, 24, 32, 48, 50, 64, 72, 80, 96, 100, 128};

  private static final int[] LENGTHS = {1, 2, 3, 15, 16, 17, 63, 64, 65, 130, 513};

  @ParameterizedTest
  @ValueSource(ints = {512, 256, 128})
  void isCloseToDoublePrecision(int bits) {
    GemmKernel kernel = GemmKernel.ofBits(bits);
    Attention.Scratch scratch = new Attention.Scratch();
    for (int width : WIDTHS) {
      RandomShapes.check(
          2,
          random -> {
            int length = LENGTHS[random.nextInt(LENGTHS.length)];
            float[] qkv = qkv(random, length, width, 0.7f);
            float[] found = run(kernel, length, width, qkv, scratch);
            double[] expected = expected(length, width, qkv);
            for (int i = 0; i < found.length; i++) {
              assertEquals(expected[i], found[i], 3e-6, "length=" + length + " width=" + width);
            }
          });
    }
  }

  @Test
  void everyWidthGivesTheSameBits() {
    RandomShapes.check(
        16,
        random -> {
          int length = 1 + random.nextInt(140);
          int width = WIDTHS[random.nextInt(WIDTHS.length)];
          float[] qkv = qkv(random, length, width, 1);
          float[] wide = run(GemmKernel.ofBits(512), length, width, qkv, new Attention.Scratch());
          for (int bits : new int[] {256, 128}) {
            GemmKernelTest.assertSameBits(
                wide,
                run(GemmKernel.ofBits(bits), length, width, qkv, new Attention.Scratch()),
                "length=" + length + " width=" + width + " bits=" + bits);
          }
        });
  }

  @Test
  void hugeScoresDoNotOverflow() {
    int length = 20;
    float[] qkv = qkv(new Random(3), length, 32, 300);
    double[] expected = expected(length, 32, qkv);
    float[] found =
        run(GemmKernel.ofBits(VectorWidth.bits()), length, 32, qkv, new Attention.Scratch());
    for (int i = 0; i < found.length; i++) {
      // Scores of 1e6 have an ulp of 0.06: only the winner of a row is certain.
      assertEquals(expected[i], found[i], 0.2 * 300);
    }
  }

  @Test
  void softmaxEqualsItsScalarTwinToTheBit() {
    RandomShapes.check(
        200,
        random -> {
          int n = 1 + random.nextInt(70);
          float[] x = RandomShapes.floats(random, 3 + VectorWidth.roundUp(n));
          float scale = 0.1f + random.nextFloat() * 20;
          float max = Float.NEGATIVE_INFINITY;
          for (int i = 0; i < n; i++) {
            max = Math.max(max, x[3 + i]);
          }
          float[] twin = new float[VectorWidth.roundUp(n)];
          for (int i = 0; i < twin.length; i++) {
            float value = i < n ? x[3 + i] : Float.NEGATIVE_INFINITY;
            twin[i] = ScalarTwins.exp((value - max) * scale);
          }
          float inverse = 1 / ScalarTwins.sum(twin.length, i -> twin[i]);
          float found = Softmax.exponentiate(x, 3, n, scale, new float[16]);
          assertEquals(inverse, found, 0f);
          for (int i = 0; i < n; i++) {
            assertEquals(twin[i], x[3 + i], 0f);
          }
        });
  }

  @Test
  void expIsWithinTwoUnitsOverItsRange() {
    double worst = 0;
    for (float x = -87f; x <= 0; x = Math.nextUp(x + Math.abs(x) * 1e-5f)) {
      double exact = Math.exp(x);
      worst = Math.max(worst, Math.abs(ScalarTwins.exp(x) - exact) / Math.ulp((float) exact));
      if (x > -1e-30) {
        break;
      }
    }
    assertEquals(0, worst, 2, "units in the last place");
  }

  private static float[] qkv(Random random, int length, int width, float scale) {
    float[] qkv = RandomShapes.floats(random, length * (3 * width + 16) + 16);
    for (int i = 0; i < qkv.length; i++) {
      qkv[i] *= scale;
    }
    return qkv;
  }

  private static float[] run(
      GemmKernel kernel, int length, int width, float[] qkv, Attention.Scratch scratch) {
    float[] out = new float[length * width];
    Attention.head(
        kernel,
        length,
        length,
        width,
        qkv,
        0,
        width,
        2 * width,
        3 * width + 16,
        out,
        0,
        width,
        scratch);
    return out;
  }

  private static double[] expected(int length, int width, float[] qkv) {
    int stride = 3 * width + 16;
    double[] out = new double[length * width];
    for (int i = 0; i < length; i++) {
      double[] weight = new double[length];
      double max = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < length; j++) {
        for (int d = 0; d < width; d++) {
          weight[j] += (double) qkv[i * stride + d] * qkv[j * stride + width + d];
        }
        weight[j] /= Math.sqrt(width);
        max = Math.max(max, weight[j]);
      }
      double sum = 0;
      for (int j = 0; j < length; j++) {
        weight[j] = Math.exp(weight[j] - max);
        sum += weight[j];
      }
      for (int j = 0; j < length; j++) {
        for (int d = 0; d < width; d++) {
          out[i * width + d] += weight[j] / sum * qkv[j * stride + 2 * width + d];
        }
      }
    }
    return out;
  }
}
