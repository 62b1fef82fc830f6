package io.github.bunvec.engine.cpu.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bunvec.engine.spi.WeightType;
import java.util.Arrays;
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

  /** Against the plain loops; also that a head's output is written and nothing beside it. */
  @ParameterizedTest
  @ValueSource(ints = {512, 256, 128})
  void everyWidthGivesTheBitsOfPlainLoops(int bits) {
    GemmKernel vectors = GemmKernel.ofBits(bits);
    GemmKernel plain = warming(vectors); // never started
    Attention.Scratch scratch = new Attention.Scratch();
    RandomShapes.check(
        60,
        random -> {
          int length = 1 + random.nextInt(140);
          int queries = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(length);
          int width = WIDTHS[random.nextInt(WIDTHS.length)];
          float[] qkv = qkv(random, length, width, 1 << random.nextInt(5));
          float[] out = RandomShapes.floats(random, 7 + length * (width + 9));
          float[] expected = out.clone();
          head(plain, queries, length, width, qkv, expected, 7, width + 9, scratch);
          head(vectors, queries, length, width, qkv, out, 7, width + 9, scratch);
          String shape = "queries=" + queries + " length=" + length + " width=" + width;
          GemmKernelTest.assertSameBits(expected, out, shape);
        });
  }

  private static GemmKernel warming(GemmKernel vectors) {
    return new WarmingGemmKernel(vectors, GemmKernel.plain(vectors), WeightType.FP32);
  }

  @Test
  void plainLoopsWriteNothingBesideTheHead() {
    float[] qkv = qkv(new Random(1), 5, 6, 1);
    float[] out = new float[7 + 5 * 9];
    Arrays.fill(out, 77);
    head(warming(GemmKernel.ofBits(256)), 3, 5, 6, qkv, out, 7, 9, new Attention.Scratch());
    for (int i = 0; i < out.length; i++) {
      boolean inside = i >= 7 && (i - 7) / 9 < 3 && (i - 7) % 9 < 6;
      assertEquals(!inside, out[i] == 77, "[" + i + "] is " + out[i]);
    }
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

  /** The twin adds exp(-87) for each value that is missing up to 16; no sum shows it. */
  @Test
  void softmaxEqualsItsScalarTwinToTheBit() {
    RandomShapes.check(
        200,
        random -> {
          int n = 1 + random.nextInt(70);
          int stride = 16 * (1 + random.nextInt(3));
          int columns = 1 + random.nextInt(stride);
          float[] x = RandomShapes.floats(random, VectorWidth.roundUp(n) * stride);
          float[] before = x.clone();
          float[] inverse = new float[2 * stride];
          float scale = 0.1f + random.nextFloat() * 60;
          Softmax.exponentiate(n, columns, x, stride, scale, inverse);
          for (int j = 0; j < columns; j++) {
            float max = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < n; i++) {
              max = Math.max(max, before[i * stride + j]);
            }
            float[] twin = new float[VectorWidth.roundUp(n)];
            for (int i = 0; i < twin.length; i++) {
              float value = i < n ? before[i * stride + j] : Float.NEGATIVE_INFINITY;
              twin[i] = ScalarTwins.exp((value - max) * scale);
            }
            assertEquals(1 / ScalarTwins.sum(twin.length, i -> twin[i]), inverse[j], 0f);
            for (int i = 0; i < n; i++) {
              assertEquals(twin[i], x[i * stride + j], 0f, "[" + i + ", " + j + "]");
            }
          }
        });
  }

  /** Zeros of both signs, infinities and NaN: the same columns are numbers, with the same bits. */
  @Test
  void softmaxOfSpecialValuesEqualsThePlainLoops() {
    float[] special = {0f, -0f, 3e38f, -3e38f, 1e-40f, Float.NEGATIVE_INFINITY, Float.NaN};
    RandomShapes.check(
        100,
        random -> {
          int n = 1 + random.nextInt(40);
          float[] x = RandomShapes.floats(random, VectorWidth.roundUp(n) * 16);
          for (int i = 0; i < x.length; i++) {
            if (random.nextInt(4) == 0) {
              x[i] = special[random.nextInt(i % 16 < 8 ? 6 : 7)];
            }
          }
          float[] before = x.clone();
          float[] inverse = new float[2 * 16];
          Softmax.exponentiate(n, 16, x, 16, 0.5f, inverse);
          for (int j = 0; j < 16; j++) {
            float[] row = new float[VectorWidth.roundUp(n)];
            for (int i = 0; i < n; i++) {
              row[i] = before[i * 16 + j];
            }
            float sum = PlainElements.softmax(row, 0, n, 0.5f, new float[16]);
            assertEquals(sum, inverse[j], "column " + j);
            for (int i = 0; i < n && !Float.isNaN(sum); i++) {
              assertEquals(row[i], x[i * 16 + j], "[" + i + ", " + j + "]");
            }
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
    head(kernel, length, length, width, qkv, out, 0, width, scratch);
    return out;
  }

  private static void head(
      GemmKernel kernel,
      int queries,
      int length,
      int width,
      float[] qkv,
      float[] out,
      int outOffset,
      int outStride,
      Attention.Scratch scratch) {
    Attention.head(
        kernel,
        queries,
        length,
        width,
        qkv,
        0,
        width,
        2 * width,
        3 * width + 16,
        out,
        outOffset,
        outStride,
        scratch);
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
