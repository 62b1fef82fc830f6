package io.github.bunvec.engine.cpu.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Packed queries and values, element by element. */
class HeadPackingTest {

  /** Of heads: whole vectors of every width, of some, of none. */
  private static final int[] WIDTHS = {1, 4, 12, 16, 20, 24, 32, 50, 64, 80, 128};

  @Test
  void queriesAreTransposed() {
    RandomShapes.check(
        60,
        random -> {
          int width = WIDTHS[random.nextInt(WIDTHS.length)];
          int nr = random.nextBoolean() ? 16 : 32;
          int m = 1 + random.nextInt(nr);
          int stride = width + random.nextInt(9);
          float[] from = RandomShapes.floats(random, 5 + m * stride);
          float[] to = new float[width * nr];
          HeadPacking.queries(
              m, width, from, 5, stride, to, nr, new float[width * VectorWidth.LANES]);
          for (int j = 0; j < m; j++) {
            for (int p = 0; p < width; p++) {
              assertEquals(
                  from[5 + j * stride + p],
                  to[p * nr + j],
                  "[" + j + ", " + p + "] m=" + m + " width=" + width);
            }
          }
        });
  }

  @Test
  void valuesAreCopiedIntoPanels() {
    RandomShapes.check(
        60,
        random -> {
          int width = WIDTHS[random.nextInt(WIDTHS.length)];
          int nr = random.nextBoolean() ? 16 : 32;
          int length = 1 + random.nextInt(20);
          int stride = width + random.nextInt(9);
          float[] from = RandomShapes.floats(random, 5 + length * stride);
          float[] to = new float[Math.ceilDiv(width, nr) * nr * length];
          HeadPacking.values(nr, length, width, from, 5, stride, to);
          for (int j = 0; j < length; j++) {
            for (int p = 0; p < width; p++) {
              assertEquals(
                  from[5 + j * stride + p],
                  to[p / nr * nr * length + j * nr + p % nr],
                  "[" + j + ", " + p + "] length=" + length + " width=" + width);
            }
          }
        });
  }
}
