package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.PackedBatch;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One call's work: a batch cut into slices of whole sequences, and the members that do it.
 *
 * <p>Members either take whole slices, one after another, with no wait inside a pass; or, where
 * there are too few sequences to go round, all work on one slice together and share every
 * operation. Kept by a {@link Worker} and used again, so that a call allocates nothing.
 */
final class Job {

  /**
   * Tokens of a slice that one member takes: few enough that the activations of an operation, 3072
   * values a token, stay in its L2; enough that streaming the weights past them costs little.
   */
  private static final int SLICE_TOKENS = 128;

  /** Tokens of a slice that all members share: they have more cache and wait for each other. */
  private static final int SHARED_SLICE_TOKENS = 512;

  /** A batch without sequences. */
  static final PackedBatch NO_BATCH = PackedBatch.of(List.of());

  /** No results. */
  static final float[][] NO_OUTPUT = {};

  private final Progress progress = new Progress();
  private final AtomicInteger nextSlice = new AtomicInteger();
  private final AtomicInteger helping = new AtomicInteger();
  final Worker[] members; // [members]; members[0] leads
  private int[] cuts = new int[16]; // [slices + 1], sequence borders
  private int slices;
  private boolean together;
  int seats; // how many of the members are taken; guarded by the pool's lock
  private int size;
  private PackedBatch batch = NO_BATCH;
  private float[][] out = NO_OUTPUT;
  private @Nullable ForwardPass pass;
  private volatile @Nullable Throwable failure;

  Job(int workers) {
    members = new Worker[workers];
  }

  /** Runs a pass over a batch with the seats taken; the caller is in the first. */
  void run(PackedBatch nextBatch, ForwardPass nextPass, float[][] nextOut) {
    batch = nextBatch;
    pass = nextPass;
    out = nextOut;
    failure = null;
    nextSlice.set(0);
    plan(seats);
    helping.set(size - 1);
    for (int i = 1; i < size; i++) {
      members[i].assign(this);
    }
    work(members[0]);
    long start = System.nanoTime();
    while (helping.get() > 0) {
      Progress.pause(start);
    }
    batch = NO_BATCH;
    out = NO_OUTPUT;
    pass = null;
    rethrow();
  }

  /** Says that a helping member has left. */
  void done() {
    helping.decrementAndGet();
  }

  /** One member's part. */
  void work(Worker member) {
    ForwardPass current = pass;
    if (current == null) {
      throw new IllegalStateException("no pass");
    }
    try {
      if (together) {
        member.ops.share.with(progress, size, number(member));
        for (int slice = 0; slice < slices; slice++) {
          member.ops.begin(members[0].workspace, current, batch, cuts[slice], cuts[slice + 1], out);
          current.run(member.ops);
        }
      } else {
        member.ops.share.alone();
        for (int slice; (slice = nextSlice.getAndIncrement()) < slices && failure == null; ) {
          reserve(member, current, cuts[slice], cuts[slice + 1]);
          member.ops.begin(member.workspace, current, batch, cuts[slice], cuts[slice + 1], out);
          current.run(member.ops);
        }
      }
    } catch (RuntimeException | Error e) {
      // Handed to the calling thread, which throws it.
      if (failure == null) {
        failure = e;
      }
      progress.fail(e);
    }
  }

  private int number(Worker member) {
    int number = 0;
    while (members[number] != member) {
      number++;
    }
    return number;
  }

  private void reserve(Worker member, ForwardPass current, int from, int to) {
    int[] borders = batch.cuSeqlens();
    member.workspace.reserve(borders[to] - borders[from], to - from, current);
  }

  /** Decides how the members share the batch and cuts it. */
  private void plan(int count) {
    int tokens = batch.tokens();
    int longest = 0;
    for (int i = 0; i < batch.sequences(); i++) {
      longest = Math.max(longest, batch.length(i));
    }
    // Whole slices balance when no sequence is much longer than a fair share.
    together = count > 1 && longest * (long) count * 5 > tokens * 6L;
    int fair = Math.ceilDiv(tokens, count);
    cut(
        together
            ? Math.ceilDiv(tokens, SHARED_SLICE_TOKENS)
            : count * Math.ceilDiv(fair, SLICE_TOKENS));
    size = together ? count : Math.min(count, slices);
    ForwardPass current = pass;
    if (together && current != null) {
      progress.reset(Math.multiplyExact(slices, current.operations()), size);
      for (int slice = 0; slice < slices; slice++) {
        reserve(members[0], current, cuts[slice], cuts[slice + 1]);
      }
    }
  }

  /**
   * Cuts into at most {@code parts} slices, each at the border of sequences that is nearest to an
   * even share.
   */
  private void cut(int parts) {
    int[] borders = batch.cuSeqlens();
    long tokens = batch.tokens();
    int sequences = batch.sequences();
    slices = 0;
    cuts[0] = 0;
    int part = 1;
    for (int i = 1; i <= sequences; i++) {
      long even = tokens * part / parts;
      if (i < sequences && even - borders[i] > borders[i + 1] - even) {
        continue;
      }
      if (slices + 2 > cuts.length) {
        cuts = Arrays.copyOf(cuts, 2 * cuts.length);
      }
      cuts[++slices] = i;
      while (part < parts && tokens * part / parts <= borders[i]) {
        part++;
      }
    }
  }

  private void rethrow() {
    switch (failure) {
      case null -> {}
      case Error e -> throw e;
      case RuntimeException e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }
}
