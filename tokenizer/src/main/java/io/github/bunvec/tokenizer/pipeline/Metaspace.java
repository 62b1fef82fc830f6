package io.github.bunvec.tokenizer.pipeline;

import java.util.function.Consumer;

/**
 * Makes spaces visible as SentencePiece does and cuts before each.
 *
 * @param replacement what stands for a space, usually U+2581; a code point
 * @param scheme which pieces get one in front
 * @param split whether to cut
 */
public record Metaspace(int replacement, PrependScheme scheme, boolean split)
    implements PreTokenizer {

  /** Which pieces get a replacement in front, unless they begin with one. */
  public enum PrependScheme {
    /** Every piece. */
    ALWAYS,
    /** The piece the text begins with. */
    FIRST,
    /** None. */
    NEVER
  }

  @Override
  public void cut(Piece piece, Consumer<Piece> words) {
    String mark = Character.toString(replacement);
    String marked = piece.text().replace(" ", mark);
    if (!marked.startsWith(mark)
        && (scheme == PrependScheme.ALWAYS || (scheme == PrependScheme.FIRST && piece.first()))) {
      marked = mark + marked;
    }
    Piece whole = new Piece(marked, piece.first());
    int start = 0;
    if (split) {
      for (int next = marked.indexOf(mark, 1);
          next > 0;
          next = marked.indexOf(mark, next + mark.length())) {
        words.accept(whole.part(start, next));
        start = next;
      }
    }
    words.accept(whole.part(start, marked.length()));
  }
}
