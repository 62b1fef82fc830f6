package io.github.bunvec.engine.cpu.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.bunvec.engine.spi.Activation;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The plain loops give the bits of the vectors they stand in for. */
class PlainElementsTest {

  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -1f,
    20f,
    100f,
    -100f,
    1e-30f,
    -1e-40f,
    3e38f,
    -3e38f,
    87f,
    -88f,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    Float.intBitsToFloat(0xFFC00000) // what x86 makes of 0 / 0
  };

  @Test
  void activations() {
    for (Activation activation : Activation.values()) {
      RandomShapes.check(
          10,
          random -> {
            int columns = 16 * (1 + random.nextInt(5));
            int rows = 1 + random.nextInt(4);
            int stride = columns + random.nextInt(5);
            float[] x = values(random, 3 + rows * stride);
            float[] expected = x.clone();
            Activations.apply(activation, rows, columns, expected, 3, stride);
            PlainElements.apply(activation, rows, columns, x, 3, stride);
            assertArrayEquals(expected, x, activation.toString());
          });
    }
  }

  /** A column for vectors, a row for plain loops. */
  @Test
  void softmax() {
    RandomShapes.check(
        50,
        random -> {
          int n = 1 + random.nextInt(100);
          float[] x = RandomShapes.floats(random, 5 + VectorWidth.roundUp(n));
          float[] columns = new float[VectorWidth.roundUp(n) * 16];
          for (int i = 0; i < n; i++) {
            columns[i * 16] = x[5 + i];
          }
          float scale = random.nextFloat() * 10;
          float[] inverse = new float[2 * 16];
          Softmax.exponentiate(n, 1, columns, 16, scale, inverse);
          assertEquals(inverse[0], PlainElements.softmax(x, 5, n, scale, new float[16]));
          for (int i = 0; i < n; i++) {
            assertEquals(columns[i * 16], x[5 + i]);
          }
        });
  }

  @Test
  void layerNorm() {
    RandomShapes.check(
        50,
        random -> {
          int n = 1 + random.nextInt(100);
          int padded = VectorWidth.roundUp(n);
          float[] weight = padded(random, n, padded);
          float[] bias = padded(random, n, padded);
          float[] x = RandomShapes.floats(random, 2 + padded);
          float[] y = RandomShapes.floats(random, 7 + padded);
          float[] expected = y.clone();
          LayerNormKernel.addAndNormalize(n, x, 2, expected, 7, weight, bias, 1e-5f, new float[16]);
          PlainElements.addAndNormalize(n, x, 2, y, 7, weight, bias, 1e-5f, new float[16]);
          assertArrayEquals(expected, y);
        });
  }

  private static float[] padded(Random random, int n, int padded) {
    return Arrays.copyOf(RandomShapes.floats(random, n), padded);
  }

  private static float[] values(Random random, int length) {
    float[] values = RandomShapes.floats(random, length);
    for (int i = 0; i < length; i++) {
      if (random.nextInt(4) == 0) {
        values[i] = SPECIAL[random.nextInt(SPECIAL.length)];
      } else {
        values[i] *= 1 << random.nextInt(8);
      }
    }
    return values;
  }
}
