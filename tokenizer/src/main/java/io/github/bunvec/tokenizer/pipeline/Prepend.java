package io.github.bunvec.tokenizer.pipeline;

/**
 * Puts a string before every text that is not empty.
 *
 * @param prepend the string
 */
public record Prepend(String prepend) implements Normalizer {

  @Override
  public String normalize(String text) {
    return text.isEmpty() ? text : prepend + text;
  }
}
