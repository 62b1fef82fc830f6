package io.github.bunvec.tokenizer.pipeline;

import java.util.regex.Matcher;

/**
 * Replaces what a pattern matches.
 *
 * @param pattern what is replaced
 * @param content what it is replaced by, literally
 */
public record Replace(TextPattern pattern, String content) implements Normalizer {

  @Override
  public String normalize(String text) {
    return pattern.pattern().matcher(text).replaceAll(Matcher.quoteReplacement(content));
  }
}
