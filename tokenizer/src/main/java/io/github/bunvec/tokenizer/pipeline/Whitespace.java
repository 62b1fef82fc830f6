package io.github.bunvec.tokenizer.pipeline;

import java.util.function.Consumer;

/** Cuts at whitespace and between word characters and others. */
public record Whitespace() implements PreTokenizer {

  private enum Kind {
    BLANK,
    WORD,
    OTHER
  }

  @Override
  public void cut(Piece piece, Consumer<Piece> words) {
    String text = piece.text();
    Kind before = Kind.BLANK;
    int start = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      Kind kind = kind(c);
      if (kind != before) {
        if (before != Kind.BLANK) {
          words.accept(piece.part(start, i));
        }
        start = i;
      }
      before = kind;
      i += Character.charCount(c);
    }
    if (before != Kind.BLANK) {
      words.accept(piece.part(start, text.length()));
    }
  }

  private static Kind kind(int c) {
    if (CharacterClass.isWhitespace(c)) {
      return Kind.BLANK;
    }
    return CharacterClass.WORD.contains(c) ? Kind.WORD : Kind.OTHER;
  }
}
