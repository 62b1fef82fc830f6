package io.github.bunvec.bench.peers;

/**
 * Texts of one call side by side, short ones filled up with [PAD].
 *
 * @param texts how many
 * @param tokens the longest one's length
 * @param ids [texts, tokens]
 * @param mask 1 where a text has a token, 0 where it is filled up; [texts, tokens]
 */
record PaddedBatch(int texts, int tokens, int[] ids, int[] mask) {

  private static final int PAD = 0;

  /** Pads the texts of a call. */
  static PaddedBatch of(TextSet set, int[] call) {
    int longest = 0;
    for (int text : call) {
      longest = Math.max(longest, set.ids()[text].length);
    }
    int[] ids = new int[call.length * longest];
    int[] mask = new int[call.length * longest];
    for (int i = 0; i < call.length; i++) {
      int[] row = set.ids()[call[i]];
      for (int j = 0; j < longest; j++) {
        ids[i * longest + j] = j < row.length ? row[j] : PAD;
        mask[i * longest + j] = j < row.length ? 1 : 0;
      }
    }
    return new PaddedBatch(call.length, longest, ids, mask);
  }

  /** Returns whether any text is filled up. */
  static boolean pads(TextSet set, int[][] calls) {
    for (int[] call : calls) {
      for (int text : call) {
        if (set.ids()[text].length != set.ids()[call[0]].length) {
          return true;
        }
      }
    }
    return false;
  }
}
