package io.github.bunvec.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.PackedBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkTest {

  @Test
  void cutsIntoConsecutiveChunksThatFitAndAreFull() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      Bucket limit = new Bucket(1 + random.nextInt(60), 1 + random.nextInt(8));
      List<int[]> sequences = new ArrayList<>();
      for (int i = random.nextInt(40); i >= 0; i--) {
        sequences.add(new int[1 + random.nextInt(random.nextInt(10) == 0 ? 100 : 20)]);
      }
      PackedBatch batch = PackedBatch.of(sequences);
      int next = 0;
      for (int[] cut : Chunk.cut(batch, limit)) {
        assertEquals(next, cut[0], "seed " + seed);
        next = cut[1];
        int count = cut[1] - cut[0];
        int tokens = batch.cuSeqlens()[cut[1]] - batch.cuSeqlens()[cut[0]];
        boolean fits = tokens <= limit.tokens() && count <= limit.sequences();
        assertTrue(fits || count == 1, "seed " + seed);
        if (next < batch.sequences()) {
          boolean full = tokens + batch.length(next) > limit.tokens() || count == limit.sequences();
          assertTrue(full, "seed " + seed);
        }
      }
      assertEquals(batch.sequences(), next, "seed " + seed);
    }
  }
}
