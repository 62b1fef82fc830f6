package io.github.bunvec.tokenizer;

import java.util.Arrays;

/** A growing list of ids, in memory that is kept from text to text. */
final class IdList {

  private int[] ids = new int[128];
  private int size;

  int size() {
    return size;
  }

  long retainedBytes() {
    return 4L * ids.length;
  }

  void add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = id;
  }

  /** Drops the ids from {@code newSize} on. */
  void truncate(int newSize) {
    size = newSize;
  }

  /** Returns the first ids. */
  int[] first(int count) {
    return Arrays.copyOf(ids, count);
  }
}
