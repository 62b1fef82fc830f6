package io.github.bunvec.engine;

import java.util.Locale;

/** What happens to a text before the tokenizer, by the profile. */
record TextPreparation(boolean strip, boolean lowerCase) {

  static TextPreparation of(Profile profile, boolean doLowerCase) {
    boolean sentenceTransformers = profile == Profile.SENTENCE_TRANSFORMERS;
    return new TextPreparation(sentenceTransformers, sentenceTransformers && doLowerCase);
  }

  String apply(String text) {
    String result = strip ? strip(text) : text;
    return lowerCase ? result.toLowerCase(Locale.ROOT) : result;
  }

  /** Python's {@code str.strip()}, whose white space is not Java's. */
  private static String strip(String text) {
    int begin = 0;
    int end = text.length();
    while (begin < end && isSpace(text.charAt(begin))) {
      begin++;
    }
    while (end > begin && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(begin, end);
  }

  /** Python's {@code str.isspace()} for one character. */
  private static boolean isSpace(char c) {
    return switch (c) {
      case 0x20, 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
      default ->
          (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F) || (c >= 0x2000 && c <= 0x200A);
    };
  }
}
