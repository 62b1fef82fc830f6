package io.github.bunvec.engine;

import io.github.bunvec.tokenizer.Encoding;
import io.github.bunvec.tokenizer.Tokenizer;

/** The text side of a model, without its weights: what an {@link EmbeddingModel} makes of texts. */
public final class ModelTokenizer {

  private final Tokenizer tokenizer;
  private final TextPreparation preparation;
  private final String prompt;
  private final int maxLength;

  ModelTokenizer(Tokenizer tokenizer, TextPreparation preparation, String prompt, int maxLength) {
    this.tokenizer = tokenizer;
    this.preparation = preparation;
    this.prompt = prompt;
    this.maxLength = maxLength;
  }

  /**
   * Returns the tokenizer.
   *
   * @return the tokenizer
   */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * Turns a text into the form the tokenizer is given, by the profile.
   *
   * @param text the text
   * @return the text behind the prompt in force, stripped and lower-cased where the profile says so
   */
  public String prepare(String text) {
    return preparation.apply(prompt, text);
  }

  /**
   * Returns how many tokens of a text the model takes.
   *
   * @return tokens, special tokens included
   */
  public int maxLength() {
    return maxLength;
  }

  /**
   * Returns the ids the model is given.
   *
   * @param text the text
   * @return its ids, cut at the maximum length
   */
  public Encoding encode(String text) {
    return tokenizer.encode(prepare(text), maxLength);
  }
}
