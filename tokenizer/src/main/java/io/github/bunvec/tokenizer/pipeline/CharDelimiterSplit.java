package io.github.bunvec.tokenizer.pipeline;

import java.util.function.Consumer;

/**
 * Cuts at one character and drops it.
 *
 * @param delimiter the character's code point
 */
public record CharDelimiterSplit(int delimiter) implements PreTokenizer {

  @Override
  public void cut(Piece piece, Consumer<Piece> words) {
    SplitBehavior.REMOVED.cut(piece, c -> c == delimiter, words);
  }
}
