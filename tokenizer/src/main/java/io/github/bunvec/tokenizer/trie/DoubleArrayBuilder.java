package io.github.bunvec.tokenizer.trie;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Builds a double-array trie over byte strings in the layout of Darts 0.31, which MeCab's
 * dictionaries use.
 *
 * <p>A unit is a pair (base, check). A node is its base b; the child of byte c is at unit p = b + c
 * + 1 and is there when check[p] = b; its base is base[p]. A key ends at a node when check[b] = b
 * and base[b] is negative; its value is -base[b] - 1. The root's base is base[0].
 */
public final class DoubleArrayBuilder {

  /** The code of "the key ends here"; byte c has code c + 1. */
  private static final int END = 0;

  private static final int CODES = 257;

  /** So many keys are sorted by insertion, more by counting. */
  private static final int FEW = 24;

  private final byte[][] keys;
  private final int[] values;
  private final BitSet usedBases = new BitSet();
  private int[] units = new int[2 * 1024]; // [slots, 2]: base, check
  private int slots = 1;
  private int nextFree = 1;
  private int[] pending = new int[1024]; // [nodes to insert, 4]: left, right, depth, slot
  private int pendingSize;

  private DoubleArrayBuilder(byte[][] keys, int[] values) {
    this.keys = keys;
    this.values = values;
  }

  /**
   * Builds the units of a trie.
   *
   * @param keys the keys, not empty, in any order; of equal ones the last counts
   * @param values the value of each key, not negative
   * @return the units: base and check of unit i at 2 i and 2 i + 1
   * @throws IllegalArgumentException if a key is empty or has a negative value
   */
  public static int[] build(byte[][] keys, int[] values) {
    for (int i = 0; i < keys.length; i++) {
      if (keys[i].length == 0 || values[i] < 0) {
        throw new IllegalArgumentException(
            "key "
                + i
                + " of "
                + keys.length
                + " (value "
                + values[i]
                + "): keys must not be empty, values not negative");
      }
    }
    DoubleArrayBuilder builder = new DoubleArrayBuilder(keys.clone(), values.clone());
    if (keys.length > 0) {
      builder.insertAll();
    } else {
      // A root without children still lies inside the array.
      builder.units[0] = 1;
      builder.slots = 2;
    }
    return Arrays.copyOf(builder.units, 2 * builder.slots);
  }

  /** Places all nodes, parents first; with a stack of its own, as keys may be thousands deep. */
  private void insertAll() {
    push(0, keys.length, 0, 0);
    while (pendingSize > 0) {
      pendingSize -= 4;
      int left = pending[pendingSize];
      int right = pending[pendingSize + 1];
      insert(left, right, pending[pendingSize + 2], pending[pendingSize + 3]);
    }
  }

  private void push(int left, int right, int depth, int slot) {
    if (pendingSize + 4 > pending.length) {
      pending = Arrays.copyOf(pending, 2 * pending.length);
    }
    pending[pendingSize++] = left;
    pending[pendingSize++] = right;
    pending[pendingSize++] = depth;
    pending[pendingSize++] = slot;
  }

  /**
   * Places the children of the node that keys left..right-1 share up to depth and writes its base
   * to its slot.
   */
  private void insert(int left, int right, int depth, int slot) {
    sort(left, right, depth);
    int[] codes = new int[Math.min(right - left, CODES)];
    int[] starts = new int[codes.length + 1];
    int count = 0;
    for (int i = left; i < right; i++) {
      int code = code(keys[i], depth);
      if (count == 0 || codes[count - 1] != code) {
        starts[count] = i;
        codes[count++] = code;
      }
    }
    starts[count] = right;
    int base = place(codes, count);
    units[2 * slot] = base;
    // The last first, so that they leave the stack in order.
    for (int i = count - 1; i >= 0; i--) {
      if (codes[i] == END) {
        units[2 * (base + END)] = -values[starts[i + 1] - 1] - 1;
      } else {
        push(starts[i], starts[i + 1], depth + 1, base + codes[i]);
      }
    }
  }

  /**
   * Brings keys that are equal up to depth into the order of their next byte, and leaves those of
   * the same one in theirs. Node by node that sorts all keys, without a comparison of two.
   */
  private void sort(int left, int right, int depth) {
    if (right - left > FEW) {
      distribute(left, right, depth);
      return;
    }
    for (int i = left + 1; i < right; i++) {
      byte[] key = keys[i];
      int value = values[i];
      int to = i;
      for (; to > left && code(keys[to - 1], depth) > code(key, depth); to--) {
        keys[to] = keys[to - 1];
        values[to] = values[to - 1];
      }
      keys[to] = key;
      values[to] = value;
    }
  }

  private void distribute(int left, int right, int depth) {
    int[] starts = new int[CODES + 1];
    for (int i = left; i < right; i++) {
      starts[code(keys[i], depth) + 1]++;
    }
    for (int code = 0; code < CODES; code++) {
      starts[code + 1] += starts[code];
    }
    byte[][] unsortedKeys = Arrays.copyOfRange(keys, left, right);
    int[] unsortedValues = Arrays.copyOfRange(values, left, right);
    for (int i = 0; i < unsortedKeys.length; i++) {
      int to = left + starts[code(unsortedKeys[i], depth)]++;
      keys[to] = unsortedKeys[i];
      values[to] = unsortedValues[i];
    }
  }

  private static int code(byte[] key, int depth) {
    return depth == key.length ? END : (key[depth] & 0xFF) + 1;
  }

  /** Finds the first base whose slots for all codes are free and takes them. */
  private int place(int[] codes, int count) {
    int slot = Math.max(codes[0] + 1, nextFree);
    int firstFree = 0;
    int taken = 0;
    while (true) {
      reserve(slot - codes[0] + CODES);
      if (units[2 * slot + 1] != 0) {
        taken++;
      } else {
        if (firstFree == 0) {
          firstFree = slot;
        }
        if (fits(slot - codes[0], codes, count)) {
          break;
        }
      }
      slot++;
    }
    // Darts's rule: start the next search at the first hole, or, where 95 % of what was passed is
    // taken, here: without it the search is quadratic, with a lower bar the array grows.
    nextFree = taken >= 0.95 * (slot - nextFree + 1) ? slot : Math.max(nextFree, firstFree);
    int base = slot - codes[0];
    usedBases.set(base);
    for (int i = 0; i < count; i++) {
      units[2 * (base + codes[i]) + 1] = base;
    }
    slots = Math.max(slots, base + codes[count - 1] + 1);
    return base;
  }

  private boolean fits(int base, int[] codes, int count) {
    if (usedBases.get(base)) {
      return false;
    }
    for (int i = 1; i < count; i++) {
      if (units[2 * (base + codes[i]) + 1] != 0) {
        return false;
      }
    }
    return true;
  }

  private void reserve(int slotCount) {
    if (2 * slotCount > units.length) {
      units = Arrays.copyOf(units, Math.max(2 * slotCount, units.length + (units.length >> 1)));
    }
  }
}
