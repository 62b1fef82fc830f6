package io.github.bunvec.tokenizer.pipeline;

/** Drops combining marks; what is composed stays. */
public record StripAccents() implements Normalizer {

  @Override
  public String normalize(String text) {
    return Filter.without(CharacterClass.COMBINING_MARK, text);
  }
}
