package io.github.bunvec.tokenizer.pipeline;

/**
 * Drops whitespace at the ends.
 *
 * @param left whether at the beginning
 * @param right whether at the end
 */
public record Strip(boolean left, boolean right) implements Normalizer {

  @Override
  public String normalize(String text) {
    int from = 0;
    int to = text.length();
    while (left && from < to && CharacterClass.isWhitespace(text.charAt(from))) {
      from++;
    }
    while (right && from < to && CharacterClass.isWhitespace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }
}
