package io.github.bunvec.bench.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.bench.BertShape;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextSetTest {

  private final TextSet set =
      new TextSet(List.of("a", "b", "c"), new int[][] {{2, 7, 3}, {2, 8, 9, 3}, {2, 3}});

  @Test
  void callsAreCutInOrderOrByLength() {
    assertArrayEquals(new int[][] {{0, 1, 2}}, set.atOnce());
    assertArrayEquals(new int[][] {{0, 1}, {2}}, set.inOrder(2));
    assertArrayEquals(new int[][] {{1, 0}, {2}}, set.byLength(2));
  }

  @Test
  void onlyRealTokensAreWork() {
    BertShape shape = BertShape.named("tiny");
    assertEquals(9, set.tokens());
    assertEquals(shape.flops(3) + shape.flops(4) + shape.flops(2), set.flops(shape));
    assertEquals(shape.flops(3), set.medianFlops(shape));
  }

  @Test
  void shortTextsAreFilledUpAndMasked() {
    PaddedBatch batch = PaddedBatch.of(set, new int[] {2, 1});
    assertEquals(2, batch.texts());
    assertEquals(4, batch.tokens());
    assertArrayEquals(new int[] {2, 3, 0, 0, 2, 8, 9, 3}, batch.ids());
    assertArrayEquals(new int[] {1, 1, 0, 0, 1, 1, 1, 1}, batch.mask());
    assertTrue(PaddedBatch.pads(set, new int[][] {{0}, {2, 1}}));
    assertFalse(PaddedBatch.pads(set, set.inOrder(1)));
  }
}
