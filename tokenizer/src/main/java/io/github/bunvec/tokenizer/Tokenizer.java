package io.github.bunvec.tokenizer;

import java.util.List;

/**
 * Turns text into the token ids a model was trained on.
 *
 * <p>Implementations are immutable and safe for concurrent use. Any string is accepted: an unpaired
 * surrogate, which has no encoding, counts as U+FFFD. Time and memory are linear in the text.
 */
public interface Tokenizer {

  /** The maximum length that cuts nothing. */
  int NO_LIMIT = Integer.MAX_VALUE;

  /**
   * Encodes one text with the model's special tokens around it.
   *
   * @param text the text
   * @param maxLength the greatest number of ids to return, special tokens included; {@link
   *     #NO_LIMIT} for the whole text
   * @return the ids
   * @throws IllegalArgumentException if {@code maxLength} leaves no room for the special tokens
   */
  Encoding encode(String text, int maxLength);

  /**
   * Returns the words the text is cut into before they are cut into tokens.
   *
   * @param text the text; special tokens written in it are cut like any other text
   * @return the words of the whole text, in order
   */
  List<String> words(String text);

  /**
   * Returns the token of an id.
   *
   * @param id an id this tokenizer gave
   * @return the token as the vocabulary spells it
   * @throws IllegalArgumentException if there is no such id
   */
  String token(int id);

  /**
   * Returns how many ids there are.
   *
   * @return one more than the greatest id {@link #encode} can give
   */
  int vocabularySize();
}
