package io.github.bunvec.tokenizer.pipeline;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Cuts a word into the tokens of a vocabulary; immutable. */
public sealed interface SubwordModel permits WordPiece, Unigram {

  /**
   * Cuts a word.
   *
   * @param word the word, not empty
   * @param ids takes the tokens' ids in order
   */
  void tokenize(String word, IntConsumer ids);

  /**
   * Looks a token up.
   *
   * @param token a token
   * @return its id, or -1
   */
  int id(String token);

  /**
   * Returns the token of an id.
   *
   * @param id any number
   * @return the token, or null if there is none
   */
  @Nullable String token(int id);

  /**
   * Returns how many tokens there are.
   *
   * @return the number from which added tokens are counted on
   */
  int size();

  /**
   * Returns where the ids end.
   *
   * @return one more than the greatest id
   */
  int end();
}
