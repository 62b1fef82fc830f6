package io.github.bunvec.engine.cpu.kernel;

import java.util.Random;
import java.util.function.Consumer;

/** Runs a check on random numbers; a failure names the seed that repeats it. */
final class RandomShapes {

  private RandomShapes() {}

  static void check(int times, Consumer<Random> body) {
    long base = System.nanoTime();
    for (int i = 0; i < times; i++) {
      long seed = base + i;
      try {
        body.accept(new Random(seed));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  static float[] floats(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
