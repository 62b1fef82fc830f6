package io.github.bunvec.tokenizer.pipeline;

import java.util.function.Consumer;

/**
 * Cuts at punctuation.
 *
 * @param behavior what becomes of it
 */
public record Punctuation(SplitBehavior behavior) implements PreTokenizer {

  @Override
  public void cut(Piece piece, Consumer<Piece> words) {
    behavior.cut(piece, CharacterClass.PUNCTUATION::contains, words);
  }
}
