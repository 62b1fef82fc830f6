package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.PackedBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Consecutive sequences of a batch that one lane computes at a time.
 *
 * @param batch the batch
 * @param first the first sequence
 * @param last one past the last
 * @param pass what to run
 * @param out receives a vector per sequence of the batch
 */
record Chunk(PackedBatch batch, int first, int last, ForwardPass pass, float[][] out) {

  /**
   * Cuts a batch into chunks of as many sequences as fit a limit; a sequence that is longer has one
   * of its own.
   *
   * @param limit tokens and sequences of a chunk
   */
  static List<int[]> cut(PackedBatch batch, Bucket limit) {
    List<int[]> cuts = new ArrayList<>();
    int[] cu = batch.cuSeqlens();
    int first = 0;
    for (int i = 1; i <= batch.sequences(); i++) {
      boolean full =
          i == batch.sequences()
              || cu[i + 1] - cu[first] > limit.tokens()
              || i + 1 - first > limit.sequences();
      if (full) {
        cuts.add(new int[] {first, i});
        first = i;
      }
    }
    return cuts;
  }

  int tokens() {
    return batch.cuSeqlens()[last] - batch.cuSeqlens()[first];
  }

  int sequences() {
    return last - first;
  }
}
