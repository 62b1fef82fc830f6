package io.github.bunvec.tokenizer;

import io.github.bunvec.tokenizer.sentencepiece.SentencePieceEncoder;
import io.github.bunvec.tokenizer.sentencepiece.SentencePieceModel;
import java.util.function.ToIntFunction;

/**
 * The ids a tokenizer gives to the pieces of a SentencePiece model. As in transformers they go by
 * how a piece is spelled, not by its id: a piece spelled as a special token is that token.
 */
final class PieceIds {

  private final ToIntFunction<String> idOf;
  private final int unknown;
  private final int[] ids; // [piece]

  PieceIds(SentencePieceModel model, ToIntFunction<String> idOf) {
    this.idOf = idOf;
    unknown = model.unknownId();
    ids = new int[model.size()];
    for (int piece = 0; piece < ids.length; piece++) {
      ids[piece] = idOf.applyAsInt(model.piece(piece));
    }
  }

  /** Appends the ids of all pieces of a text. */
  void append(SentencePieceEncoder encoder, int count, IdList out) {
    for (int i = 0; i < count; i++) {
      out.add(id(encoder, i));
    }
  }

  /** Returns the id of one piece; an unknown one is spelled as the text is. */
  int id(SentencePieceEncoder encoder, int index) {
    int piece = encoder.id(index);
    return piece == unknown ? idOf.applyAsInt(encoder.piece(index)) : ids[piece];
  }

  /** Returns the id of a token. */
  int id(String token) {
    return idOf.applyAsInt(token);
  }
}
