package io.github.bunvec.tokenizer.ipadic;

import io.github.bunvec.tokenizer.mecab.Dictionary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The embedded dictionary mecab-ipadic 2.7.0-20070801: its words, ids, costs and character
 * categories equal those of the PyPI package ipadic 1.0.0 entry by entry; features are left out.
 */
public final class Ipadic {

  /** Loads the dictionary when it is first asked for, once. */
  private static final class Holder {
    static final Dictionary DICTIONARY =
        Dictionary.of(
            resource(Dictionary.SYSTEM),
            resource(Dictionary.UNKNOWN),
            resource(Dictionary.MATRIX),
            resource(Dictionary.CHARACTERS));
  }

  private static final int PIECE = 1 << 18;

  private Ipadic() {}

  /**
   * Returns the dictionary, the same each time.
   *
   * @return the dictionary, about 20 MB outside the heap
   */
  public static Dictionary dictionary() {
    return Holder.DICTIONARY;
  }

  private static MemorySegment resource(String name) {
    try (InputStream in = Ipadic.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "the embedded dictionary's " + name + " is missing; build the module with Maven");
      }
      return outsideHeap(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the embedded dictionary's " + name + " is unreadable", e);
    }
  }

  /**
   * Reads piece by piece: one array of 17 MB, and the copies it is made from, would stay behind.
   */
  private static MemorySegment outsideHeap(InputStream in) throws IOException {
    List<MemorySegment> pieces = new ArrayList<>();
    long size = 0;
    int length = PIECE;
    while (length == PIECE) {
      byte[] piece = new byte[PIECE];
      length = in.readNBytes(piece, 0, PIECE);
      pieces.add(MemorySegment.ofArray(piece).asSlice(0, length));
      size += length;
    }
    MemorySegment all = Arena.ofAuto().allocate(size, 8);
    long at = 0;
    for (MemorySegment piece : pieces) {
      MemorySegment.copy(piece, 0, all, at, piece.byteSize());
      at += piece.byteSize();
    }
    return all;
  }
}
