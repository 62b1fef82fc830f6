package io.github.bunvec.bench.peers;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Texts and their token ids, the same for all.
 *
 * @param texts what bunvec is given
 * @param ids what peers are given, [CLS] and [SEP] included
 */
record TextSet(List<String> texts, int[][] ids) {

  /** Tokenizes texts and cuts them at the longest length the model has positions for. */
  static TextSet of(List<String> texts, Tokenizer tokenizer, int maxLength) {
    List<int[]> ids = new ArrayList<>();
    for (String text : texts) {
      ids.add(tokenizer.encode(text, maxLength).ids());
    }
    return new TextSet(texts, ids.toArray(new int[0][]));
  }

  /** Returns how many texts there are. */
  int size() {
    return ids.length;
  }

  /** Returns how many tokens they have together. */
  int tokens() {
    return Arrays.stream(ids).mapToInt(row -> row.length).sum();
  }

  /** Returns the FLOPs of all texts in a model, without padding. */
  double flops(BertShape shape) {
    return Arrays.stream(ids).mapToDouble(row -> shape.flops(row.length)).sum();
  }

  /** Returns the FLOPs of the text of median length. */
  double medianFlops(BertShape shape) {
    return Statistics.median(
        Arrays.stream(ids).mapToDouble(row -> shape.flops(row.length)).toArray());
  }

  /** Returns all texts as one call. */
  int[][] atOnce() {
    return new int[][] {IntStream.range(0, size()).toArray()};
  }

  /** Returns calls of so many texts in order of arrival. */
  int[][] inOrder(int batch) {
    return cut(IntStream.range(0, size()).toArray(), batch);
  }

  /** Returns calls of so many texts, the longest first. */
  int[][] byLength(int batch) {
    return cut(
        IntStream.range(0, size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -ids[i].length))
            .mapToInt(i -> i)
            .toArray(),
        batch);
  }

  private static int[][] cut(int[] order, int batch) {
    int[][] calls = new int[Math.ceilDiv(order.length, batch)][];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = Arrays.copyOfRange(order, i * batch, Math.min((i + 1) * batch, order.length));
    }
    return calls;
  }
}
