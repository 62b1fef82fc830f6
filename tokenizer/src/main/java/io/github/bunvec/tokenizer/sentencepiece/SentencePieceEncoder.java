package io.github.bunvec.tokenizer.sentencepiece;

import io.github.bunvec.tokenizer.trie.DoubleArray;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts text into the pieces of the highest total score, in memory that is kept from text to text;
 * not safe for concurrent use.
 *
 * <p>Follows {@code EncodeOptimized} of sentencepiece 0.2.3: scores are added in float, of equal
 * paths to a place the one found first stays, which is the one whose last piece begins first.
 */
public final class SentencePieceEncoder {

  private static final int UNREACHED = -1;

  /** Beyond this sum the scores of all paths are brought back to about 0, to keep their digits. */
  private static final float MAX_SCORE = 100_000;

  private final SentencePieceModel model;
  private final PieceTable pieces;
  private final TextNormalizer normalizer;

  private float[] best = new float[256]; // [offset] score of the best path that ends there
  private int[] lastStart = new int[256]; // [offset] where the last piece of that path begins
  private int[] lastId = new int[256]; // [offset] that piece

  private int count;
  private int[] ids = new int[64]; // [count]
  private int[] ends = new int[64]; // [count]

  SentencePieceEncoder(SentencePieceModel model) {
    this.model = model;
    pieces = model.table();
    normalizer = new TextNormalizer(model);
  }

  /**
   * Encodes a text, whose pieces can be asked for until the next call.
   *
   * @param text UTF-8 that holds the text
   * @param from where the text begins
   * @param to where it ends, exclusive
   * @return the number of pieces
   */
  public int encode(byte[] text, int from, int to) {
    normalizer.normalize(text, from, to);
    count = 0;
    int length = normalizer.length();
    reserve(length + 1);
    search(normalizer.bytes(), length);
    collect(length);
    return count;
  }

  /**
   * Returns the id of a piece; a run of unknown characters is one piece.
   *
   * @param index its place, from 0 on
   * @return its id
   */
  public int id(int index) {
    return ids[index];
  }

  /**
   * Returns a piece as the library spells it: what the normalised text has there, or {@code <0xE3>}
   * for a byte.
   *
   * @param index its place, from 0 on
   * @return the piece
   */
  public String piece(int index) {
    if (pieces.byteIds.length > 0 && model.type(ids[index]) == SentencePieceModel.BYTE) {
      return model.piece(ids[index]);
    }
    int start = index == 0 ? 0 : ends[index - 1];
    return new String(normalizer.bytes(), start, ends[index] - start, StandardCharsets.UTF_8);
  }

  /**
   * Returns how much memory is kept.
   *
   * @return the number of bytes, about
   */
  public long retainedBytes() {
    return normalizer.retainedBytes() + 12L * best.length + 8L * ids.length;
  }

  private void reserve(int size) {
    if (size > best.length) {
      int larger = Math.max(size, 2 * best.length);
      best = new float[larger];
      lastStart = new int[larger];
      lastId = new int[larger];
    }
  }

  /** Finds the best path to every place a piece can end at. */
  private void search(byte[] text, int length) {
    DoubleArray trie = pieces.trie;
    float[] scores = pieces.scores;
    Arrays.fill(lastStart, 0, length + 1, UNREACHED);
    best[0] = 0;
    int frontier = 0;
    int start = 0;
    while (start < length) {
      if (Math.abs(best[start]) > MAX_SCORE) {
        rescale(start, frontier);
      }
      float here = best[start];
      int next = Math.min(start + Utf8.length(text[start]), length);
      boolean character = false;
      int node = trie.root();
      for (int end = start + 1; end <= length; end++) {
        node = trie.child(node, text[end - 1]);
        if (node == DoubleArray.NO_NODE) {
          break;
        }
        int id = trie.value(node);
        if (id != DoubleArray.NO_VALUE) {
          offer(start, end, id, scores[id] + here);
          frontier = Math.max(frontier, end);
          character |= end == next;
        }
      }
      if (!character) {
        offer(start, next, pieces.unknownId, pieces.unknownScore + here);
        frontier = Math.max(frontier, next);
      }
      start = next;
    }
  }

  private void offer(int start, int end, int id, float score) {
    if (lastStart[end] == UNREACHED || score > best[end]) {
      best[end] = score;
      lastStart[end] = start;
      lastId[end] = id;
    }
  }

  private void rescale(int start, int frontier) {
    float offset = best[start];
    for (int i = start; i <= frontier; i++) {
      if (i == start || lastStart[i] != UNREACHED) {
        best[i] -= offset;
      }
    }
  }

  /** Walks the best path: backwards to turn its links around, then forwards. */
  private void collect(int length) {
    int end = length;
    int next = UNREACHED;
    while (end > 0) {
      int start = lastStart[end];
      lastStart[end] = next;
      next = end;
      end = start;
    }
    boolean afterUnknown = false;
    int start = 0;
    for (int at = next; at != UNREACHED; at = lastStart[at]) {
      int id = lastId[at];
      boolean unknown = id == pieces.unknownId;
      if (unknown && pieces.byteIds.length > 0) {
        for (int i = start; i < at; i++) {
          add(pieces.byteIds[normalizer.bytes()[i] & 0xFF], i + 1);
        }
      } else if (unknown && afterUnknown) {
        ends[count - 1] = at;
      } else {
        add(id, at);
      }
      afterUnknown = unknown;
      start = at;
    }
  }

  private void add(int id, int end) {
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
    }
    ids[count] = id;
    ends[count++] = end;
  }
}
