package io.github.bunvec.tokenizer;

import io.github.bunvec.tokenizer.mecab.Dictionary;
import io.github.bunvec.tokenizer.mecab.Lattice;
import io.github.bunvec.tokenizer.sentencepiece.SentencePieceEncoder;
import io.github.bunvec.tokenizer.sentencepiece.SentencePieceModel;
import org.jspecify.annotations.Nullable;

/** The working memory of one call, kept for the next. */
final class Workspace {

  final Utf8Text text = new Utf8Text();
  final Utf8Text word = new Utf8Text();
  final IdList ids = new IdList();
  private final @Nullable Lattice lattice;
  private final @Nullable SentencePieceEncoder encoder;

  Workspace(@Nullable Dictionary dictionary, @Nullable SentencePieceModel model) {
    lattice = dictionary == null ? null : new Lattice(dictionary);
    encoder = model == null ? null : model.encoder();
  }

  /** Returns the lattice over the dictionary. */
  Lattice lattice() {
    if (lattice == null) {
      throw new IllegalStateException("words are cut without a dictionary");
    }
    return lattice;
  }

  /** Returns the encoder of the SentencePiece model. */
  SentencePieceEncoder encoder() {
    if (encoder == null) {
      throw new IllegalStateException("pieces are asked for without a SentencePiece model");
    }
    return encoder;
  }

  long retainedBytes() {
    return text.retainedBytes()
        + word.retainedBytes()
        + ids.retainedBytes()
        + (lattice == null ? 0 : lattice.retainedBytes())
        + (encoder == null ? 0 : encoder.retainedBytes());
  }
}
