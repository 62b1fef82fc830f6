package io.github.bunvec.tokenizer.pipeline;

import java.util.function.Consumer;

/** Cuts at whitespace and makes each punctuation character a word. */
public record BertPreTokenizer() implements PreTokenizer {

  @Override
  public void cut(Piece piece, Consumer<Piece> words) {
    String text = piece.text();
    int start = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int end = i + Character.charCount(c);
      boolean blank = CharacterClass.isWhitespace(c);
      boolean punctuation = !blank && isPunctuation(c);
      if (blank || punctuation) {
        if (start < i) {
          words.accept(piece.part(start, i));
        }
        if (punctuation) {
          words.accept(piece.part(i, end));
        }
        start = end;
      }
      i = end;
    }
    if (start < text.length()) {
      words.accept(piece.part(start, text.length()));
    }
  }

  private static boolean isPunctuation(int c) {
    return (c < 'a' || c > 'z') && CharacterClass.PUNCTUATION.contains(c);
  }
}
