package io.github.bunvec.engine.spi;

import java.util.Arrays;
import java.util.List;

/**
 * Token sequences laid end to end, without padding.
 *
 * <p>Sequence {@code i} is the rows {@code cuSeqlens[i] .. cuSeqlens[i + 1]}. Only attention and
 * pooling look at those borders; to every other operation the batch is one matrix of rows.
 *
 * @param ids token ids; [tokens]
 * @param positions index into the position embeddings; [tokens]
 * @param cuSeqlens cumulative sequence lengths, from 0; [sequences + 1]
 * @param skipped how many of a sequence's first tokens pooling leaves out, as those of a prompt;
 *     more than it has means all; [sequences]
 */
public record PackedBatch(int[] ids, int[] positions, int[] cuSeqlens, int[] skipped) {

  /** Checks that the borders ascend from 0 to the number of tokens. */
  public PackedBatch {
    if (positions.length != ids.length) {
      throw new IllegalArgumentException(
          positions.length + " positions, expected " + ids.length + ", one per token");
    }
    if (cuSeqlens.length == 0
        || cuSeqlens[0] != 0
        || cuSeqlens[cuSeqlens.length - 1] != ids.length) {
      throw new IllegalArgumentException(
          "cuSeqlens must run from 0 to " + ids.length + ", the number of tokens");
    }
    if (skipped.length != cuSeqlens.length - 1) {
      throw new IllegalArgumentException(
          skipped.length
              + " counts of skipped tokens, expected "
              + (cuSeqlens.length - 1)
              + ", one per sequence");
    }
    for (int i = 1; i < cuSeqlens.length; i++) {
      if (cuSeqlens[i] <= cuSeqlens[i - 1]) {
        throw new IllegalArgumentException(
            "sequence " + (i - 1) + " is empty, expected at least one token");
      }
    }
  }

  /**
   * Packs sequences whose positions count from 0, as BERT's do.
   *
   * @param sequences token ids, each at least one token long
   * @return the batch
   */
  public static PackedBatch of(List<int[]> sequences) {
    return of(sequences, PositionRule.FROM_ZERO, 0);
  }

  /**
   * Packs sequences.
   *
   * @param sequences token ids, each at least one token long
   * @param rule how their tokens are numbered
   * @param skipped how many first tokens of each pooling leaves out
   * @return the batch
   */
  public static PackedBatch of(List<int[]> sequences, PositionRule rule, int skipped) {
    int[] cuSeqlens = new int[sequences.size() + 1];
    for (int i = 0; i < sequences.size(); i++) {
      cuSeqlens[i + 1] = cuSeqlens[i] + sequences.get(i).length;
    }
    int tokens = cuSeqlens[sequences.size()];
    int[] ids = new int[tokens];
    int[] positions = new int[tokens];
    for (int i = 0; i < sequences.size(); i++) {
      int[] sequence = sequences.get(i);
      System.arraycopy(sequence, 0, ids, cuSeqlens[i], sequence.length);
      rule.number(sequence, positions, cuSeqlens[i]);
    }
    int[] skips = new int[sequences.size()];
    Arrays.fill(skips, skipped);
    return new PackedBatch(ids, positions, cuSeqlens, skips);
  }

  /**
   * Returns the number of rows.
   *
   * @return the number of tokens of all sequences
   */
  public int tokens() {
    return ids.length;
  }

  /**
   * Returns the number of sequences.
   *
   * @return the number of sequences
   */
  public int sequences() {
    return cuSeqlens.length - 1;
  }

  /**
   * Returns the length of one sequence.
   *
   * @param sequence its index
   * @return its number of tokens
   */
  public int length(int sequence) {
    return cuSeqlens[sequence + 1] - cuSeqlens[sequence];
  }

  /**
   * Returns where pooling begins in one sequence.
   *
   * @param sequence its index
   * @return the number of first tokens left out, at most its length
   */
  public int firstPooled(int sequence) {
    return Math.min(skipped[sequence], length(sequence));
  }
}
