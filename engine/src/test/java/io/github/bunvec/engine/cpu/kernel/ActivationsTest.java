package io.github.bunvec.engine.cpu.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.Activation;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The polynomials against double precision over the whole range of float. */
class ActivationsTest {

  private static final int BLOCK = 4096;

  /** A prime step through the bit patterns meets every exponent some 65,000 times. */
  private static final int STEP = 127;

  @ParameterizedTest
  @EnumSource(names = {"NONE", "GELU", "GELU_TANH", "QUICK_GELU", "RELU", "SILU", "TANH"})
  void absoluteErrorIsAtMostOneMillionth(Activation activation) {
    long seed = System.nanoTime();
    int bits = new Random(seed).nextInt();
    float[] x = new float[BLOCK];
    float[] y = new float[BLOCK];
    double worst = 0;
    float worstAt = 0;
    for (long done = 0; done < (1L << 32) / STEP; done += BLOCK) {
      for (int i = 0; i < BLOCK; i++, bits += STEP) {
        float value = Float.intBitsToFloat(bits);
        x[i] = Float.isFinite(value) ? value : 0;
      }
      System.arraycopy(x, 0, y, 0, BLOCK);
      Activations.apply(activation, 1, BLOCK, y, 0, BLOCK);
      for (int i = 0; i < BLOCK; i++) {
        double exact = activation.at(x[i]);
        double error = Math.abs(y[i] - exact);
        // Where a unit in the last place of the result is more, that unit counts.
        if (!(error <= Math.max(1e-6, Math.ulp((float) exact)))) {
          throw new AssertionError(
              "seed %d: %s(%s) is %s, expected %s".formatted(seed, activation, x[i], y[i], exact));
        }
        if (Math.abs(exact) < 8 && error > worst) {
          worst = error;
          worstAt = x[i];
        }
      }
    }
    System.out.printf("%s: greatest error %.2e, at %s%n", activation, worst, worstAt);
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void notANumberStaysOne(Activation activation) {
    float[] x = new float[16];
    x[3] = Float.NaN;
    Activations.apply(activation, 1, 16, x, 0, 16);
    assertTrue(Float.isNaN(x[3]), activation.name());
    assertEquals(activation.at(0), x[4], 1e-7);
  }

  @Test
  void rowsOutsideAreLeftAlone() {
    RandomShapes.check(
        50,
        random -> {
          int columns = 16 * (1 + random.nextInt(5));
          int stride = columns + random.nextInt(20);
          int rows = 1 + random.nextInt(6);
          float[] x = RandomShapes.floats(random, 9 + rows * stride);
          float[] y = x.clone();
          Activations.apply(Activation.GELU, rows, columns, y, 9, stride);
          for (int i = 0; i < x.length; i++) {
            boolean inside = i >= 9 && (i - 9) % stride < columns;
            if (inside) {
              assertEquals(Activation.GELU.at(x[i]), y[i], 1e-6);
            } else {
              assertEquals(x[i], y[i], 0f);
            }
          }
        });
  }

  /** The plain-loop twin: the same formula, one float at a time, must give the same bits. */
  @Test
  void geluEqualsItsScalarTwinToTheBit() {
    RandomShapes.check(
        200,
        random -> {
          float[] x = RandomShapes.floats(random, 64);
          float scale = (float) Math.pow(10, random.nextInt(9) - 6);
          for (int i = 0; i < x.length; i++) {
            x[i] *= scale;
          }
          float[] y = x.clone();
          Activations.apply(Activation.GELU, 1, 64, y, 0, 64);
          float[] twin = new float[64];
          for (int i = 0; i < 64; i++) {
            twin[i] = ScalarTwins.gelu(x[i]);
          }
          GemmKernelTest.assertSameBits(twin, y, "gelu");
        });
  }
}
