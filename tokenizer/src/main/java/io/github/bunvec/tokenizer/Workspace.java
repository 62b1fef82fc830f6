package io.github.bunvec.tokenizer;

import io.github.bunvec.tokenizer.mecab.Dictionary;
import io.github.bunvec.tokenizer.mecab.Lattice;
import org.jspecify.annotations.Nullable;

/** The working memory of one call, kept for the next. */
final class Workspace {

  final Utf8Text text = new Utf8Text();
  final Utf8Text word = new Utf8Text();
  final IdList ids = new IdList();
  private final @Nullable Lattice lattice;

  Workspace(@Nullable Dictionary dictionary) {
    lattice = dictionary == null ? null : new Lattice(dictionary);
  }

  /** Returns the lattice over the dictionary. */
  Lattice lattice() {
    if (lattice == null) {
      throw new IllegalStateException("words are cut without a dictionary");
    }
    return lattice;
  }

  long retainedBytes() {
    return text.retainedBytes()
        + word.retainedBytes()
        + ids.retainedBytes()
        + (lattice == null ? 0 : lattice.retainedBytes());
  }
}
