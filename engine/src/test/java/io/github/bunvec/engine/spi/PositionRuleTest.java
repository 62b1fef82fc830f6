package io.github.bunvec.engine.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class PositionRuleTest {

  private static final List<int[]> SEQUENCES =
      List.of(new int[] {0, 7, 1, 8, 2}, new int[] {1}, new int[] {5, 5});

  @Test
  void fromZero() {
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 0, 0, 1}, PackedBatch.of(SEQUENCES).positions());
  }

  /** Padding within a text has the padding's position and is not counted. */
  @Test
  void behindThePadding() {
    PackedBatch batch = PackedBatch.of(SEQUENCES, PositionRule.afterPadding(1), 3);
    assertArrayEquals(new int[] {2, 3, 1, 4, 5, 1, 2, 3}, batch.positions());
    assertArrayEquals(new int[] {0, 7, 1, 8, 2, 1, 5, 5}, batch.ids());
    assertEquals(3, batch.firstPooled(0));
    assertEquals(1, batch.firstPooled(1));
    assertEquals(2, batch.firstPooled(2));
  }

  @Test
  void countsOfSkippedTokensAreOnePerSequence() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new PackedBatch(new int[2], new int[2], new int[] {0, 2}, new int[2]));
  }
}
