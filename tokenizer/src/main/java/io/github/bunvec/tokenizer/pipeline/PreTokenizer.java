package io.github.bunvec.tokenizer.pipeline;

import java.util.function.Consumer;

/** Cuts a normalised text into words, none of them empty; immutable. */
@FunctionalInterface
public interface PreTokenizer {

  /**
   * A part of a text.
   *
   * @param text what it holds; not empty when it is given on
   * @param first whether the text begins with it
   */
  record Piece(String text, boolean first) {

    /** Returns a part of this piece. */
    Piece part(int from, int to) {
      return from == 0 && to == text.length()
          ? this
          : new Piece(text.substring(from, to), first && from == 0);
    }
  }

  /**
   * Cuts a piece.
   *
   * @param piece the piece
   * @param words takes the words in order
   */
  void cut(Piece piece, Consumer<Piece> words);

  /**
   * Returns the pre-tokenizer for which every piece is a word.
   *
   * @return what stands for JSON's null
   */
  static PreTokenizer none() {
    return (piece, words) -> words.accept(piece);
  }

  /**
   * Returns a pre-tokenizer that cuts the words of another.
   *
   * @param first the first to run
   * @param second cuts its words
   * @return both
   */
  static PreTokenizer sequence(PreTokenizer first, PreTokenizer second) {
    return (piece, words) -> first.cut(piece, part -> second.cut(part, words));
  }
}
