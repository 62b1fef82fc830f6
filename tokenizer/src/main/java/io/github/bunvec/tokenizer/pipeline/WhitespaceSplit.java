package io.github.bunvec.tokenizer.pipeline;

import java.util.function.Consumer;

/** Cuts at whitespace. */
public record WhitespaceSplit() implements PreTokenizer {

  @Override
  public void cut(Piece piece, Consumer<Piece> words) {
    String text = piece.text();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      // All whitespace lies in the basic plane.
      if (i == text.length() || CharacterClass.isWhitespace(text.charAt(i))) {
        if (start < i) {
          words.accept(piece.part(start, i));
        }
        start = i + 1;
      }
    }
  }
}
