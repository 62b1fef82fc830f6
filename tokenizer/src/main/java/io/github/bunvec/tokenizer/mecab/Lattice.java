package io.github.bunvec.tokenizer.mecab;

import java.util.Arrays;

/**
 * Cuts a text into the words of least total cost, exactly as MeCab 0.996 does.
 *
 * <p>Every word that can start where another ends is a node. A node keeps the cheapest way to it
 * (Viterbi): least over the nodes that end where it starts of their cost + connection cost, + the
 * word's own cost. Among equal costs the node made last wins, because MeCab keeps both kinds of
 * lists last in, first out.
 *
 * <p>Not safe for concurrent use: it keeps its working memory from text to text. Time and memory
 * are linear in the text.
 */
public final class Lattice {

  private static final int NONE = -1;
  private static final int BEGIN = 0;

  /** Nodes of about 5,000 characters, 2 MB. */
  private static final int SETTLE_AT = 1 << 16;

  private final ConnectionCosts costs;
  private final Candidates candidates;

  private final int settleAt;

  private int nodeCount;
  private int settleNext; // settle at so many nodes
  private int furthest; // the last place where a node ends
  private int[] starts = new int[1024]; // [nodes] where the word starts
  private int[] ends = new int[1024]; // [nodes] where it ends
  private int[] lefts = new int[1024]; // [nodes] the node before it on the cheapest way
  private int[] rightIds = new int[1024]; // [nodes]
  private int[] olders = new int[1024]; // [nodes] the node inserted before it at the same place
  // Wider than the 32 bits MeCab allows a way: a long text of dear words does not fail.
  private long[] totals = new long[1024]; // [nodes] cost of the cheapest way, the word included
  private int[] newests = new int[256]; // [bytes of the text + 2] the node inserted last there

  private int wordCount;
  private int[] wordStarts = new int[64]; // [words]
  private int[] wordEnds = new int[64]; // [words]

  /**
   * Creates a lattice.
   *
   * @param dictionary the words and costs
   */
  public Lattice(Dictionary dictionary) {
    this(dictionary, SETTLE_AT);
  }

  /** Creates a lattice that settles when it has so many nodes. */
  Lattice(Dictionary dictionary, int settleAt) {
    this.settleAt = settleAt;
    costs = dictionary.costs();
    candidates = new Candidates(dictionary);
  }

  /**
   * Cuts a text into words, which the other methods then give.
   *
   * @param text UTF-8; what follows a zero byte does not count
   * @param length how many bytes of it count
   */
  public void segment(byte[] text, int length) {
    int end = 0;
    while (end < length && text[end] != 0) {
      end++;
    }
    begin(end);
    for (int at = 0; at < end; at++) {
      if (newests[at] != NONE) {
        if (nodeCount >= settleNext) {
          settle(at);
        }
        candidates.collect(text, at, end);
        connect(at, end);
      }
    }
    readWords(end);
  }

  /**
   * Returns how many words the text has.
   *
   * @return the number of words
   */
  public int wordCount() {
    return wordCount;
  }

  /**
   * Returns where a word starts.
   *
   * @param word its index
   * @return the first of its bytes
   */
  public int wordStart(int word) {
    return wordStarts[word];
  }

  /**
   * Returns where a word ends.
   *
   * @param word its index
   * @return the byte after its last
   */
  public int wordEnd(int word) {
    return wordEnds[word];
  }

  /**
   * Returns how much working memory is kept for the next text.
   *
   * @return about so many bytes
   */
  public long retainedBytes() {
    return 28L * starts.length + 4L * newests.length + 8L * wordStarts.length;
  }

  private void begin(int end) {
    // A blank at the end makes a node that ends behind the text.
    if (newests.length < end + 2) {
      newests = new int[grown(newests.length, end + 2)];
    }
    Arrays.fill(newests, 0, end + 2, NONE);
    wordCount = 0;
    settleNext = settleAt;
    furthest = 0;
    nodeCount = 1;
    olders[BEGIN] = NONE;
    lefts[BEGIN] = NONE;
    rightIds[BEGIN] = 0;
    totals[BEGIN] = 0;
    newests[0] = BEGIN;
  }

  /** Makes a node of each candidate, the last one first. */
  private void connect(int at, int end) {
    reserve(candidates.count());
    int cachedId = NONE;
    int cachedNewest = NONE;
    int left = NONE;
    long total = 0;
    for (int candidate = candidates.count() - 1; candidate >= 0; candidate--) {
      long token = candidates.token(candidate);
      int leftId = Lexicon.leftId(token);
      // The cheapest way depends on the left id alone, and neighbours often share it.
      if (leftId != cachedId || newests[at] != cachedNewest) {
        left = cheapest(newests[at], costs.row(leftId));
        total = totals[left] + costs.cost(costs.row(leftId), rightIds[left]);
        cachedId = leftId;
        cachedNewest = newests[at];
      }
      int node = nodeCount++;
      starts[node] = candidates.start();
      ends[node] = Math.min(candidates.end(candidate), end);
      lefts[node] = left;
      rightIds[node] = Lexicon.rightId(token);
      totals[node] = total + Lexicon.cost(token);
      int next = candidates.next(candidate);
      olders[node] = newests[next];
      newests[next] = node;
      furthest = Math.max(furthest, next);
    }
  }

  private int cheapest(int newest, long row) {
    int best = newest;
    long least = Long.MAX_VALUE;
    for (int left = newest; left != NONE; left = olders[left]) {
      long total = totals[left] + costs.cost(row, rightIds[left]);
      if (total < least) {
        least = total;
        best = left;
      }
    }
    return best;
  }

  /** Follows the cheapest way back from the last place where a word ends. */
  private void readWords(int end) {
    int last = end;
    while (newests[last] == NONE) {
      last--;
    }
    appendWords(cheapest(newests[last], costs.row(0)));
  }

  /** Appends the words on the way from the beginning to a node, which is the last of them. */
  private void appendWords(int last) {
    int first = wordCount;
    for (int node = last; node != BEGIN; node = lefts[node]) {
      wordCount++;
    }
    if (wordStarts.length < wordCount) {
      int size = grown(wordStarts.length, wordCount);
      wordStarts = Arrays.copyOf(wordStarts, size);
      wordEnds = Arrays.copyOf(wordEnds, size);
    }
    int node = last;
    for (int word = wordCount - 1; word >= first; word--) {
      wordStarts[word] = starts[node];
      wordEnds[word] = ends[node];
      node = lefts[node];
    }
  }

  /** Makes the last node that all ways to nodes ending from {@code at} on share the beginning. */
  private void settle(int at) {
    boolean[] live = new boolean[nodeCount];
    int shared = markLive(at, live);
    appendWords(shared);
    // A node's left and older neighbours have smaller numbers: one pass moves and renumbers.
    int[] numbers = new int[nodeCount];
    int count = 0;
    for (int node = shared; node < nodeCount; node++) {
      if (live[node]) {
        numbers[node] = count;
        starts[count] = starts[node];
        ends[count] = ends[node];
        lefts[count] = node == shared ? NONE : numbers[lefts[node]];
        rightIds[count] = rightIds[node];
        totals[count] = totals[node];
        // Lists of places before are read no more; where they point to does not matter.
        olders[count] = olders[node] == NONE ? NONE : numbers[olders[node]];
        count++;
      }
    }
    for (int place = at; place <= furthest; place++) {
      if (newests[place] != NONE) {
        newests[place] = numbers[newests[place]];
      }
    }
    nodeCount = count;
    settleNext = Math.max(settleAt, 2 * count);
  }

  /**
   * Marks the nodes ending from {@code at} on and all on the ways to them; returns the shared one.
   */
  private int markLive(int at, boolean[] live) {
    int ways = 0;
    for (int place = at; place <= furthest; place++) {
      for (int node = newests[place]; node != NONE; node = olders[node]) {
        live[node] = true;
        ways++;
      }
    }
    int node = nodeCount - 1;
    while (true) {
      if (live[node]) {
        if (ways == 1) {
          return node;
        }
        if (live[lefts[node]]) {
          ways--;
        }
        live[lefts[node]] = true;
      }
      node--;
    }
  }

  private void reserve(int more) {
    if (nodeCount + more > starts.length) {
      int size = grown(starts.length, nodeCount + more);
      starts = Arrays.copyOf(starts, size);
      ends = Arrays.copyOf(ends, size);
      lefts = Arrays.copyOf(lefts, size);
      rightIds = Arrays.copyOf(rightIds, size);
      olders = Arrays.copyOf(olders, size);
      totals = Arrays.copyOf(totals, size);
    }
  }

  private static int grown(int size, int needed) {
    return Math.max(needed, size + (size >> 1));
  }
}
