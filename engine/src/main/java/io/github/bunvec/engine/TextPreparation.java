package io.github.bunvec.engine;

import io.github.bunvec.tokenizer.Whitespace;
import java.util.Locale;

/** What happens to a text before the tokenizer, by the profile. */
record TextPreparation(boolean strip, boolean lowerCase) {

  static TextPreparation of(Profile profile, boolean doLowerCase) {
    boolean sentenceTransformers = profile == Profile.SENTENCE_TRANSFORMERS;
    return new TextPreparation(sentenceTransformers, sentenceTransformers && doLowerCase);
  }

  /** The prompt is part of the text: it is stripped and lower-cased with it. */
  String apply(String prompt, String text) {
    String whole = prompt.isEmpty() ? text : prompt + text;
    String result = strip ? Whitespace.strip(whole) : whole;
    return lowerCase ? result.toLowerCase(Locale.ROOT) : result;
  }
}
