package io.github.bunvec.engine;

import io.github.bunvec.tokenizer.Whitespace;
import java.util.Locale;

/** What happens to a text before the tokenizer, by the profile. */
record TextPreparation(boolean strip, boolean lowerCase) {

  static TextPreparation of(Profile profile, boolean doLowerCase) {
    boolean sentenceTransformers = profile == Profile.SENTENCE_TRANSFORMERS;
    return new TextPreparation(sentenceTransformers, sentenceTransformers && doLowerCase);
  }

  String apply(String text) {
    String result = strip ? Whitespace.strip(text) : text;
    return lowerCase ? result.toLowerCase(Locale.ROOT) : result;
  }
}
