package io.github.bunvec.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BucketTest {

  @Test
  void everyBatchFitsAndAtMostAThirdIsForNothing() {
    Set<Integer> sizes = new HashSet<>();
    int last = 0;
    for (int tokens = 1; tokens <= 20_000; tokens++) {
      Bucket bucket = Bucket.of(tokens, 1);
      assertTrue(bucket.tokens() >= tokens && bucket.tokens() >= last, tokens + ": " + bucket);
      assertTrue(tokens <= 16 || 3 * (bucket.tokens() - tokens) < bucket.tokens(), "" + tokens);
      assertEquals(0, bucket.tokens() % 8, "rows of the matrix units");
      last = bucket.tokens();
      sizes.add(last);
    }
    assertEquals(22, sizes.size(), "recordings for batches up to 20,000 tokens: " + sizes);
  }

  @Test
  void sequencesArePowersOfTwo() {
    for (int sequences = 1; sequences <= 300; sequences++) {
      int room = Bucket.of(300, sequences).sequences();
      assertEquals(1, Integer.bitCount(room));
      assertTrue(room >= sequences && room < 2 * sequences);
    }
  }

  @Test
  void refusesWhatIsNoBatch() {
    assertThrows(IllegalArgumentException.class, () -> Bucket.of(0, 1));
    assertThrows(IllegalArgumentException.class, () -> Bucket.of(5, 0));
    assertThrows(IllegalArgumentException.class, () -> Bucket.of(5, 6));
  }
}
