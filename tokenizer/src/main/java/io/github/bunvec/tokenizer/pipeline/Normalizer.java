package io.github.bunvec.tokenizer.pipeline;

/** Changes a text before it is cut; immutable, without unpaired surrogates in or out. */
@FunctionalInterface
public interface Normalizer {

  /**
   * Returns the changed text.
   *
   * @param text a text, or the part of one between two added tokens
   * @return the text to cut
   */
  String normalize(String text);

  /**
   * Returns the normaliser that changes nothing.
   *
   * @return what stands for JSON's null
   */
  static Normalizer none() {
    return text -> text;
  }

  /**
   * Returns a normaliser that runs others one after the other.
   *
   * @param first the first to run
   * @param second the next
   * @return both
   */
  static Normalizer sequence(Normalizer first, Normalizer second) {
    return text -> second.normalize(first.normalize(text));
  }
}
