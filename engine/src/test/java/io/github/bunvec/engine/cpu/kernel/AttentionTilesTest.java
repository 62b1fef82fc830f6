package io.github.bunvec.engine.cpu.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention's two products against scalar loops of fused multiply-adds, by bits. */
class AttentionTilesTest {

  @ParameterizedTest
  @ValueSource(ints = {512, 256, 128})
  void scoresEqualScalarLoop(int bits) {
    AttentionTiles tiles = AttentionTiles.of(GemmKernel.ofBits(bits));
    int nr = tiles.columns();
    RandomShapes.check(
        60,
        random -> {
          int queries = 1 + random.nextInt(nr);
          int keys = 1 + random.nextInt(40);
          int width = 1 + random.nextInt(40);
          int stride = width + random.nextInt(5);
          float[] k = RandomShapes.floats(random, 3 + keys * stride);
          float[] q = RandomShapes.floats(random, width * nr);
          float[] found = RandomShapes.floats(random, (keys + 9) * nr);
          float[] expected = found.clone();
          tiles.scores(queries, keys, width, k, 3, stride, q, found);
          for (int i = 0; i < keys; i++) {
            for (int j = 0; j < nr; j++) {
              float sum = 0;
              for (int p = 0; p < width; p++) {
                sum = Math.fma(k[3 + i * stride + p], q[p * nr + j], sum);
              }
              // Behind the last query anything may stand.
              expected[i * nr + j] = j < queries ? sum : found[i * nr + j];
            }
          }
          GemmKernelTest.assertSameBits(
              expected, found, "queries=" + queries + " keys=" + keys + " width=" + width);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 256, 128})
  void contextEqualsScalarLoop(int bits) {
    AttentionTiles tiles = AttentionTiles.of(GemmKernel.ofBits(bits));
    int nr = tiles.columns();
    assertEquals(0, nr % 16);
    RandomShapes.check(
        60,
        random -> {
          int queries = 1 + random.nextInt(nr);
          int keys = 1 + random.nextInt(40);
          int stride = nr + random.nextInt(5);
          float[] scores = RandomShapes.floats(random, keys * nr);
          float[] v = RandomShapes.floats(random, 3 + keys * nr);
          float[] inverse = RandomShapes.floats(random, nr);
          float[] found = RandomShapes.floats(random, 5 + (nr + 9) * stride);
          float[] expected = found.clone();
          tiles.context(queries, keys, scores, v, 3, inverse, found, 5, stride);
          for (int i = 0; i < queries; i++) {
            for (int j = 0; j < nr; j++) {
              float sum = 0;
              for (int p = 0; p < keys; p++) {
                sum = Math.fma(scores[p * nr + i], v[3 + p * nr + j], sum);
              }
              expected[5 + i * stride + j] = sum * inverse[i];
            }
          }
          GemmKernelTest.assertSameBits(expected, found, "queries=" + queries + " keys=" + keys);
        });
  }
}
