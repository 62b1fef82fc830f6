package io.github.bunvec.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class InputsTest {

  @Test
  void bertBaseHas85MillionWeightsInItsLayers() {
    // Known: 12 layers of 12 h^2 = 7,077,888 weights; attention's products are quadratic.
    BertShape shape = BertShape.named("bert-base");
    assertEquals(2.0 * 12 * 7_077_888 + 12 * 4.0 * 768, shape.flops(1));
    assertEquals(2.0 * 12 * 7_077_888 * 512 + 12 * 4.0 * 768 * 512 * 512, shape.flops(512));
  }

  @Test
  void mixedLengthsHaveTheSpreadTheyPromise() {
    int[] lengths = Batches.lengths("mixed");
    Arrays.sort(lengths);
    assertEquals(64, lengths.length);
    assertTrue(lengths[32] >= 15 && lengths[32] <= 25, "median " + lengths[32]);
    assertTrue(lengths[63] > 100, "longest " + lengths[63]);
    assertArrayEquals(new int[] {7, 7, 7}, Batches.lengths("3x7"));
  }

  @Test
  void valuesHaveTheDeviationAskedForAndAreTheSameEveryTime() {
    float[] values = RandomValues.of("x", 100_001, 0.02f);
    assertArrayEquals(values, RandomValues.of("x", 100_001, 0.02f));
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    assertEquals(0.02, Math.sqrt(sum / values.length), 2e-4);
  }

  @Test
  void sentencesAreFiftyAndDifferent() throws Exception {
    assertEquals(50, Sentences.read().size());
    assertEquals(50, new HashSet<>(Sentences.read()).size());
  }
}
