package io.github.bunvec.tokenizer.trie;

/** A double-array trie over byte strings, on the heap; immutable. */
public final class DoubleArray {

  /** What {@link #child} returns where there is no such child. */
  public static final int NO_NODE = 0;

  /** What {@link #value} returns where no key ends. */
  public static final int NO_VALUE = -1;

  private final int[] units; // [slots, 2]: base, check

  /**
   * Takes units that {@link DoubleArrayBuilder#build} made.
   *
   * @param units the units; not copied
   */
  public DoubleArray(int[] units) {
    this.units = units;
  }

  /**
   * Returns the node of the empty string.
   *
   * @return the root
   */
  public int root() {
    return units[0];
  }

  /**
   * Steps down by one byte.
   *
   * @param node a node
   * @param b the byte
   * @return the child, or {@link #NO_NODE}
   */
  public int child(int node, byte b) {
    int slot = 2 * (node + (b & 0xFF) + 1);
    return slot < units.length && units[slot + 1] == node ? units[slot] : NO_NODE;
  }

  /**
   * Returns the value of the key that ends at a node.
   *
   * @param node a node
   * @return the value, or {@link #NO_VALUE}
   */
  public int value(int node) {
    int slot = 2 * node;
    return slot < units.length && units[slot + 1] == node && units[slot] < 0
        ? -units[slot] - 1
        : NO_VALUE;
  }

  /**
   * Looks a whole key up.
   *
   * @param text bytes that hold the key
   * @param from the key's start
   * @param to the key's end, exclusive
   * @return its value, or {@link #NO_VALUE}
   */
  public int lookup(byte[] text, int from, int to) {
    int node = root();
    for (int i = from; i < to; i++) {
      node = child(node, text[i]);
      if (node == NO_NODE) {
        return NO_VALUE;
      }
    }
    return value(node);
  }
}
