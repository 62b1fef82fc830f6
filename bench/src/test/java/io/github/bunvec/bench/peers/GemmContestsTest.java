package io.github.bunvec.bench.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class GemmContestsTest {

  @Test
  void bunvecMultipliesAsPlainLoopsDo() {
    for (int m : new int[] {1, 31, 70}) {
      GemmWork work = GemmWork.of(m, 96, 64);
      float[] expected = work.mean(product(work));
      GemmContests.one(
          m,
          96,
          64,
          EnumSet.noneOf(Runtimes.class),
          2,
          contest -> {
            contest.requireAgreement();
            assertEquals(2.0 * m * 96 * 64 * work.weights().size(), contest.flops());
            float[][] found = contest.contenders().getFirst().results(1);
            assertArrayEquals(expected, found[0], 1e-5f);
          });
    }
  }

  @Test
  void rowsAreStandardised() {
    GemmWork work = GemmWork.of(3, 8, 64);
    for (int row = 0; row < 3; row++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < 64; i++) {
        float value = work.rows()[row * 64 + i];
        sum += value;
        squares += (double) value * value;
      }
      assertEquals(0, sum / 64, 1e-6);
      assertEquals(1, squares / 64, 1e-6);
    }
    assertTrue(work.weights().getFirst()[0] != work.weights().getLast()[0], "layers differ");
  }

  private static float[] product(GemmWork work) {
    float[] weights = work.weights().getLast();
    float[] c = new float[work.m() * work.n()];
    for (int i = 0; i < work.m(); i++) {
      for (int j = 0; j < work.n(); j++) {
        double sum = work.bias()[j];
        for (int p = 0; p < work.k(); p++) {
          sum += (double) work.rows()[i * work.k() + p] * weights[j * work.k() + p];
        }
        c[i * work.n() + j] = (float) sum;
      }
    }
    return c;
  }
}
