package io.github.bunvec.tokenizer;

import io.github.bunvec.tokenizer.unicode.CombiningMarks;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Cuts a text at whitespace and punctuation, as BasicTokenizer of transformers does without spaces
 * round Chinese characters: control characters go, the rest is brought to NFC.
 */
final class BasicWords {

  private BasicWords() {}

  /**
   * Returns the words of a text.
   *
   * @param lowerCase whether words are lower-cased and lose their accents
   * @param kept words that are neither lower-cased nor cut at punctuation
   */
  static List<String> of(String text, boolean lowerCase, Set<String> kept) {
    String clean = normalized(cleaned(text), Normalizer.Form.NFC);
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= clean.length(); i++) {
      if (i == clean.length() || Whitespace.is(clean.charAt(i))) {
        if (i > start) {
          append(clean.substring(start, i), lowerCase, kept, words);
        }
        start = i + 1;
      }
    }
    return words;
  }

  private static void append(
      String token, boolean lowerCase, Set<String> kept, List<String> words) {
    String word = token;
    if (lowerCase && !kept.contains(token)) {
      word = withoutAccents(LowerCase.of(token));
    }
    if (kept.contains(word)) {
      words.add(word);
    } else {
      splitAtPunctuation(word, words);
    }
  }

  private static void splitAtPunctuation(String word, List<String> words) {
    int start = 0;
    int at = 0;
    while (at < word.length()) {
      int c = word.codePointAt(at);
      int next = at + Character.charCount(c);
      if (isPunctuation(c)) {
        if (at > start) {
          words.add(word.substring(start, at));
        }
        words.add(word.substring(at, next));
        start = next;
      }
      at = next;
    }
    if (at > start) {
      words.add(word.substring(start));
    }
  }

  private static String cleaned(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> c != 0xFFFD && !isControl(c))
        .map(c -> isBlank(c) ? ' ' : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static String withoutAccents(String word) {
    StringBuilder plain = new StringBuilder(word.length());
    normalized(word, Normalizer.Form.NFD)
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .forEach(plain::appendCodePoint);
    return plain.toString();
  }

  private static String normalized(String text, Normalizer.Form form) {
    if (text.chars().allMatch(c -> CompatibilityForm.isInert((char) c))) {
      // NFD takes kana with a voiced sound mark apart, which are inert to the other forms.
      return form == Normalizer.Form.NFC ? text : Normalizer.normalize(text, form);
    }
    return Normalizer.normalize(CombiningMarks.ordered(text, Normalizer.Form.NFD), form);
  }

  private static boolean isBlank(int c) {
    return c == '\t' || c == '\n' || c == '\r' || Character.getType(c) == Character.SPACE_SEPARATOR;
  }

  /** Returns whether a character's category is one of Other, line ends and tabs excepted. */
  private static boolean isControl(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> c != '\t' && c != '\n' && c != '\r';
      case Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE, Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  /** Returns whether a character is punctuation, all ASCII but letters and digits included. */
  private static boolean isPunctuation(int c) {
    if (c < 0x80) {
      return c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }
}
