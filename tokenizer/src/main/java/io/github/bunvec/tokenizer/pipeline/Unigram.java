package io.github.bunvec.tokenizer.pipeline;

import io.github.bunvec.tokenizer.trie.DoubleArray;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The unigram model of the tokenizers library: the tokens of a word with the greatest sum of
 * scores. Unlike SentencePiece it adds in 64 bits, knows no types of pieces and looks fused unknown
 * characters up once more.
 *
 * <p>A character that is no token of its own costs the least score of the vocabulary less 10; of
 * equal sums the one found first, left to right and shorter tokens first, stays.
 */
public final class Unigram implements SubwordModel {

  private static final double UNKNOWN_PENALTY = 10;

  private final List<String> tokens; // [id]
  private final double[] scores; // [id]
  private final Map<String, Integer> ids = new HashMap<>();
  private final DoubleArray trie;
  private final int unknownId;
  private final double unknownScore;
  private final int[] byteIds = new int[256]; // [byte], -1 for none
  private final boolean byteFallback;

  /**
   * Makes a model.
   *
   * @param tokens the vocabulary; the id of each token is its index, of equal ones the last counts
   * @param scores [tokens], the logarithms of their probabilities
   * @param unknownId {@code unk_id}
   * @param byteFallback whether what is unknown becomes tokens of its bytes if there are all of
   *     them
   * @throws IllegalArgumentException if the sizes differ or the unknown id is out of range
   */
  public Unigram(List<String> tokens, double[] scores, int unknownId, boolean byteFallback) {
    if (tokens.size() != scores.length) {
      throw new IllegalArgumentException(
          tokens.size() + " tokens and " + scores.length + " scores, expected one for each");
    }
    if (unknownId < 0 || unknownId >= tokens.size()) {
      throw new IllegalArgumentException(
          "unk_id is " + unknownId + ", expected an index of the " + tokens.size() + " tokens");
    }
    this.tokens = List.copyOf(tokens);
    this.scores = scores.clone();
    this.unknownId = unknownId;
    this.byteFallback = byteFallback;
    for (int id = 0; id < scores.length; id++) {
      ids.put(tokens.get(id), id);
    }
    trie = TokenTrie.of(ids);
    unknownScore = Arrays.stream(scores).min().orElse(0) - UNKNOWN_PENALTY;
    for (int b = 0; b < byteIds.length; b++) {
      byteIds[b] = id("<0x%02X>".formatted(b));
    }
  }

  /** The best path to each place of a word. */
  private static final class Path {
    final double[] scores; // [bytes + 1]
    final int[] starts; // [bytes + 1], where the last token of the path begins; -1 for no path
    final int[] ids; // [bytes + 1], that token

    Path(int bytes) {
      scores = new double[bytes + 1];
      starts = new int[bytes + 1];
      ids = new int[bytes + 1];
      Arrays.fill(starts, -1);
    }

    void offer(int start, int end, int id, double score) {
      if (starts[end] < 0 || score > scores[end]) {
        scores[end] = score;
        starts[end] = start;
        ids[end] = id;
      }
    }
  }

  @Override
  public void tokenize(String word, IntConsumer result) {
    byte[] text = TokenTrie.bytes(word);
    Path path = new Path(text.length);
    int next;
    for (int at = 0; at < text.length; at = next) {
      next = at + 1;
      while (next < text.length && (text[next] & 0xC0) == 0x80) {
        next++;
      }
      boolean single = false;
      int node = trie.root();
      for (int i = at; i < text.length; i++) {
        node = trie.child(node, text[i]);
        if (node == DoubleArray.NO_NODE) {
          break;
        }
        int id = trie.value(node);
        if (id != DoubleArray.NO_VALUE) {
          path.offer(at, i + 1, id, scores[id] + path.scores[at]);
          single |= i + 1 == next;
        }
      }
      if (!single) {
        path.offer(at, next, unknownId, unknownScore + path.scores[at]);
      }
    }
    emit(text, path, result);
  }

  /** Walks the path back, joins unknown tokens that touch, and gives the ids on in order. */
  private void emit(byte[] text, Path path, IntConsumer result) {
    int[] cuts = new int[text.length + 1];
    int count = 0;
    int end = text.length;
    while (end > 0) {
      int start = path.starts[end];
      while (path.ids[end] == unknownId && start > 0 && path.ids[start] == unknownId) {
        start = path.starts[start];
      }
      cuts[count++] = end;
      if (path.ids[end] == unknownId) {
        path.starts[end] = start;
      }
      end = start;
    }
    for (int i = count - 1; i >= 0; i--) {
      int to = cuts[i];
      if (path.ids[to] == unknownId) {
        emitUnknown(text, path.starts[to], to, result);
      } else {
        result.accept(path.ids[to]);
      }
    }
  }

  private void emitUnknown(byte[] text, int from, int to, IntConsumer result) {
    int id = trie.lookup(text, from, to);
    if (id != DoubleArray.NO_VALUE) {
      result.accept(id);
      return;
    }
    boolean bytes = byteFallback;
    for (int i = from; i < to && bytes; i++) {
      bytes = byteIds[text[i] & 0xFF] >= 0;
    }
    if (!bytes) {
      result.accept(unknownId);
      return;
    }
    for (int i = from; i < to; i++) {
      result.accept(byteIds[text[i] & 0xFF]);
    }
  }

  @Override
  public int id(String token) {
    return ids.getOrDefault(token, -1);
  }

  @Override
  public @Nullable String token(int id) {
    return id >= 0 && id < tokens.size() ? tokens.get(id) : null;
  }

  @Override
  public int size() {
    return tokens.size();
  }

  @Override
  public int end() {
    return tokens.size();
  }
}
