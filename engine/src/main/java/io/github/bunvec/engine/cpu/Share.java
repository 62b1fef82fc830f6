package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.spi.PackedBatch;
import java.util.List;

/** Which part of every operation is one member's: its rank among those that meet at a barrier. */
record Share(Barrier barrier, int rank, int size) {

  /** A batch without sequences. */
  static final PackedBatch NO_BATCH = PackedBatch.of(List.of());

  /** No results. */
  static final float[][] NO_OUTPUT = {};

  /** All of everything, no one to wait for. */
  static final Share ALL = new Share(new Barrier(), 0, 1);

  /** First of this member's items, of {@code items} that are numbered from 0. */
  int from(int items) {
    return (int) ((long) items * rank / size);
  }

  /** One past its last item. */
  int to(int items) {
    return (int) ((long) items * (rank + 1) / size);
  }

  /** Waits until every member has done its part. */
  void await() {
    if (size > 1) {
      barrier.await(size);
    }
  }
}
