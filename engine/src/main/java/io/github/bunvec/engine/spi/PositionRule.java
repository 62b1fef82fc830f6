package io.github.bunvec.engine.spi;

/** How a model numbers the tokens of a sequence for its position embeddings. */
public interface PositionRule {

  /** From 0, as BERT does. */
  PositionRule FROM_ZERO =
      (ids, positions, offset) -> {
        for (int i = 0; i < ids.length; i++) {
          positions[offset + i] = i;
        }
      };

  /**
   * Writes the positions of one sequence.
   *
   * @param ids its token ids
   * @param positions where to write them
   * @param offset index of the first
   */
  void number(int[] ids, int[] positions, int offset);

  /**
   * From {@code pad + 1} over the tokens that are not padding, as fairseq's models do
   * [transformers, {@code create_position_ids_from_input_ids}]: a padding token within a text has
   * position {@code pad} and does not advance the count.
   *
   * @param pad id of the padding token
   * @return the rule
   */
  static PositionRule afterPadding(int pad) {
    return (ids, positions, offset) -> {
      int next = pad + 1;
      for (int i = 0; i < ids.length; i++) {
        positions[offset + i] = ids[i] == pad ? pad : next++;
      }
    };
  }
}
