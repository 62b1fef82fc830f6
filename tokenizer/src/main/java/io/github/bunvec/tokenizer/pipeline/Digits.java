package io.github.bunvec.tokenizer.pipeline;

import java.util.function.Consumer;

/**
 * Makes numbers words of their own.
 *
 * @param individually whether each digit is one
 */
public record Digits(boolean individually) implements PreTokenizer {

  @Override
  public void cut(Piece piece, Consumer<Piece> words) {
    (individually ? SplitBehavior.ISOLATED : SplitBehavior.CONTIGUOUS)
        .cut(piece, CharacterClass.NUMERIC::contains, words);
  }
}
