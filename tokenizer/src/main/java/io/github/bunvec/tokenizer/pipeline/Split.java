package io.github.bunvec.tokenizer.pipeline;

import java.util.function.Consumer;

/**
 * Cuts at what a pattern matches.
 *
 * @param pattern the delimiters
 * @param behavior what becomes of them
 * @param invert whether the pattern describes what lies between the delimiters
 */
public record Split(TextPattern pattern, SplitBehavior behavior, boolean invert)
    implements PreTokenizer {

  @Override
  public void cut(Piece piece, Consumer<Piece> words) {
    behavior.cut(piece, pattern, invert, words);
  }
}
