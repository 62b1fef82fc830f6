package io.github.bunvec.engine.bert;

import io.github.bunvec.engine.spi.Slot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows the encoder in a pass. */
public interface Tail {

  /**
   * Returns the weights by which the encoder's outputs are added up, divided by their sum.
   *
   * @return [layers + 1], the embeddings' output first; empty for the last layer's output alone
   */
  float[] layerWeights();

  /**
   * Returns where it wants the rows of the sequences' first tokens, if it reads no others: the
   * encoder then leaves out of its last layer what only they would need.
   *
   * @return [sequences, hidden]; null for the rows of all tokens
   */
  @Nullable Slot firstTokens();

  /**
   * Returns the operations.
   *
   * @param output where the encoder leaves its rows; [tokens, hidden], or {@link #firstTokens}
   * @return at least one, the last is {@link io.github.bunvec.engine.spi.Ops#rows}
   */
  List<Operation> operations(Slot output);

  /**
   * Returns how much room the operations' slots need.
   *
   * @return values per sequence
   */
  int valuesPerSequence();
}
