package io.github.bunvec.tokenizer.sentencepiece;

import io.github.bunvec.tokenizer.trie.DoubleArray;
import io.github.bunvec.tokenizer.trie.DoubleArrayBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The pieces of a model made ready for encoding: tries, scores, the ids of bytes. Checks what the
 * sentencepiece library checks when it loads a model.
 */
final class PieceTable {

  static final int NO_ID = -1;

  private static final int BYTES = 256;
  private static final int MAX_PIECE_BYTES = 7999;
  private static final float UNKNOWN_PENALTY = 10;
  private static final String NULL = "\0";

  final DoubleArray trie; // the pieces that can be found in text
  final DoubleArray userDefined; // those among them that the normaliser leaves alone
  final boolean anyUserDefined;
  final float[] scores; // [id], as the search adds them up
  final float unknownScore;
  final int unknownId; // or NO_ID
  final int[] byteIds; // [256], empty without byte fallback

  private final Map<String, Integer> reserved = new HashMap<>(); // control, unknown, byte pieces
  private final Map<String, Integer> unused = new HashMap<>();
  private final ModelProto model;

  PieceTable(ModelProto model) {
    this.model = model;
    Map<byte[], Integer> found = new TreeMap<>(Arrays::compareUnsigned);
    Map<byte[], Integer> kept = new TreeMap<>(Arrays::compareUnsigned);
    scores = Arrays.copyOf(model.scores, model.pieces.size());
    int unknown = NO_ID;
    float lowest = Float.MAX_VALUE;
    for (int id = 0; id < scores.length; id++) {
      byte[] piece = checked(id);
      if (model.types[id] == SentencePieceModel.UNKNOWN) {
        if (unknown != NO_ID) {
          throw broken("pieces %d and %d are both of type unknown".formatted(unknown, id));
        }
        unknown = id;
      } else if (model.types[id] == SentencePieceModel.NORMAL) {
        lowest = Math.min(lowest, scores[id]);
      } else if (model.types[id] == SentencePieceModel.USER_DEFINED) {
        kept.put(piece, id);
        // So that of the ways to cut a text into user-defined symbols that with the longest wins.
        scores[id] = (float) (0.1 * (piece.length - 1));
      }
      add(id, piece, found);
    }
    if (found.isEmpty() && unused.isEmpty()) {
      throw broken("has no pieces");
    }
    if (unknown == NO_ID && !model.byteFallback) {
      throw broken("has no piece of type unknown and no byte_fallback");
    }
    unknownId = unknown;
    unknownScore = lowest - UNKNOWN_PENALTY;
    byteIds = model.byteFallback ? byteIds() : new int[0];
    trie = trie(found);
    userDefined = trie(kept);
    anyUserDefined = !kept.isEmpty();
  }

  private byte[] checked(int id) {
    byte[] piece = model.pieces.get(id).getBytes(StandardCharsets.UTF_8);
    if (piece.length == 0 || piece.length > MAX_PIECE_BYTES) {
      throw broken(
          "piece %d has %d bytes, expected 1 to %d".formatted(id, piece.length, MAX_PIECE_BYTES));
    }
    if (!Float.isFinite(scores[id])) {
      throw broken("piece %d has the score %s".formatted(id, scores[id]));
    }
    return piece;
  }

  private void add(int id, byte[] piece, Map<byte[], Integer> found) {
    String text = model.pieces.get(id);
    boolean unusedType = model.types[id] == SentencePieceModel.UNUSED;
    if (text.equals(NULL) && (unusedType || model.byteFallback)) {
      return; // some converters write it; the library leaves it out
    }
    if (text.contains(NULL)) {
      throw broken("piece %d holds a zero byte".formatted(id));
    }
    boolean searched =
        model.types[id] == SentencePieceModel.NORMAL
            || model.types[id] == SentencePieceModel.USER_DEFINED;
    Integer before;
    if (searched || unusedType) {
      Integer other = searched ? unused.get(text) : found.get(piece);
      before = searched ? found.put(piece, id) : unused.put(text, id);
      before = before == null ? other : before;
    } else {
      before = reserved.put(text, id);
    }
    if (before != null) {
      throw broken("pieces %d and %d are equal".formatted(before, id));
    }
    if (model.types[id] == SentencePieceModel.BYTE && !model.byteFallback) {
      throw broken("piece %d is of type byte, but byte_fallback is off".formatted(id));
    }
  }

  private int[] byteIds() {
    int[] ids = new int[BYTES];
    for (int b = 0; b < BYTES; b++) {
      String text = "<0x%02X>".formatted(b);
      Integer id = reserved.get(text);
      if (id == null || model.types[id] != SentencePieceModel.BYTE) {
        throw broken("has byte_fallback, but no piece %s of type byte".formatted(text));
      }
      ids[b] = id;
    }
    return ids;
  }

  private SentencePieceException broken(String what) {
    return new SentencePieceException(model.name + ": " + what);
  }

  private static DoubleArray trie(Map<byte[], Integer> sorted) {
    byte[][] keys = sorted.keySet().toArray(byte[][]::new);
    int[] values = sorted.values().stream().mapToInt(Integer::intValue).toArray();
    return new DoubleArray(DoubleArrayBuilder.build(keys, values));
  }

  /** Returns the id of a piece, as PieceToId of the library: of the unknown piece if none. */
  int id(String piece) {
    Integer id = reserved.get(piece);
    if (id == null) {
      id = unused.get(piece);
    }
    if (id != null) {
      return id;
    }
    byte[] key = Utf8.of(piece);
    int found = trie.lookup(key, 0, key.length);
    return found == DoubleArray.NO_VALUE ? unknownId : found;
  }
}
