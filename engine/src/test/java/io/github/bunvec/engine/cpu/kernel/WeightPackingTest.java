package io.github.bunvec.engine.cpu.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packing panel by panel against plain loops. */
class WeightPackingTest {

  @Test
  void equalsPlainLoops() {
    RandomShapes.check(40, random -> pack(random, 1 + random.nextInt(200)));
    // As deep as a BERT layer, with whole lines and without.
    for (int k : new int[] {767, 768, 769, 2 * 768, 2000}) {
      RandomShapes.check(2, random -> pack(random, k));
    }
  }

  private static void pack(Random random, int k) {
    int lanes = 4 << random.nextInt(3);
    int nr = 2 * lanes * (1 + random.nextInt(3));
    List<float[]> weights = new ArrayList<>();
    List<float[]> rows = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      float[] matrix = RandomShapes.floats(random, (1 + random.nextInt(90)) * k);
      weights.add(matrix);
      for (int row = 0; row < matrix.length / k; row++) {
        rows.add(Arrays.copyOfRange(matrix, row * k, (row + 1) * k));
      }
    }
    int n = rows.size();
    int panels = Math.ceilDiv(n, nr);
    int steps = Math.ceilDiv(k, 2);
    float[] expected = new float[panels * k * nr];
    int[] expectedPairs = new int[panels * k * nr / 2];
    int[] expectedAlongK = new int[panels * steps * nr];
    for (int j = 0; j < n; j++) {
      for (int p = 0; p < k; p++) {
        expected[(j / nr * k + p) * nr + j % nr] = rows.get(j)[p];
        int vector = j % nr / lanes;
        int bits = Bfloat16.fromFloat(rows.get(j)[p]);
        expectedPairs[(j / nr * k + p) * (nr / 2) + vector / 2 * lanes + j % lanes] |=
            bits << (vector % 2 * 16);
        expectedAlongK[(j / nr * steps + p / 2) * nr + j % nr] |= bits << (p % 2 * 16);
      }
    }
    List<Counted> counted = weights.stream().map(matrix -> new Counted(matrix, k)).toList();
    List<WeightRows> sources = List.copyOf(counted);
    float[] packed = new float[expected.length];
    WeightPacking.forEachPanel(
        k,
        nr,
        n,
        sources,
        (panel, values) -> WeightPacking.fp32(values, k, nr, packed, panel * k * nr));
    assertArrayEquals(expected, packed);
    int[] pairs = new int[expectedPairs.length];
    WeightPacking.forEachPanel(
        k,
        nr,
        n,
        sources,
        (panel, values) -> WeightPacking.bf16(values, k, nr, lanes, pairs, panel * k * (nr / 2)));
    assertArrayEquals(expectedPairs, pairs);
    int[] alongK = new int[expectedAlongK.length];
    int[] part = new int[steps * nr];
    WeightPacking.forEachPanel(
        k,
        nr,
        n,
        sources,
        (panel, values) -> {
          WeightPacking.bf16Pairs(values, k, nr, part);
          System.arraycopy(part, 0, alongK, panel * part.length, part.length);
        });
    assertArrayEquals(expectedAlongK, alongK);
    for (Counted source : counted) {
      assertEquals(3 * source.rows(), source.taken, "rows taken, once in each form");
    }
  }

  @Test
  void refusesWeightsThatAreNotTheBiases() {
    List<WeightRows> rows = List.of(WeightRows.of(new float[12], 4));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> WeightPacking.forEachPanel(4, 16, 2, rows, (panel, values) -> {}));
    assertEquals("weights have 3 outputs, the bias has 2", e.getMessage());
  }

  /** Counts the rows that were taken. */
  private static final class Counted implements WeightRows {
    private final WeightRows rows;
    private int taken;

    Counted(float[] values, int k) {
      rows = WeightRows.of(values, k);
    }

    @Override
    public int rows() {
      return rows.rows();
    }

    @Override
    public void take(int row, int count, float[] target, int targetOffset) {
      assertEquals(taken % rows.rows(), row, "in order, none left out");
      rows.take(row, count, target, targetOffset);
      taken += count;
    }
  }
}
