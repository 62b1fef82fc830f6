package io.github.bunvec.tokenizer.pipeline;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What Replace and Split look for: a string, or a regular expression of the part of the language
 * that Oniguruma, which the library uses, and Java read alike.
 */
public final class TextPattern {

  private static final String ESCAPABLE = "nrts\\.[]{}()*+?^$|/-\"'#&~<>=!@%:;, _`";

  private final Pattern pattern;

  private TextPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Returns the pattern of a string.
   *
   * @param text the string
   * @return the pattern
   * @throws IllegalArgumentException if it is empty
   */
  public static TextPattern literal(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("the pattern is empty, expected one character or more");
    }
    return new TextPattern(Pattern.compile(text, Pattern.LITERAL));
  }

  /**
   * Returns the pattern of a regular expression made of literals, dots, escapes of punctuation,
   * backslash n, r, t and s, character classes of these, groups, alternatives and quantifiers.
   *
   * @param regex the expression
   * @return the pattern
   * @throws IllegalArgumentException if it has other constructs or matches the empty string
   */
  public static TextPattern regex(String regex) {
    requireCommonSyntax(regex);
    Pattern pattern;
    try {
      pattern = Pattern.compile(regex, Pattern.UNIX_LINES | Pattern.UNICODE_CHARACTER_CLASS);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "regular expression '" + regex + "' is not valid: " + e.getDescription(), e);
    }
    if (pattern.matcher("").find()) {
      throw new IllegalArgumentException(
          "regular expression '" + regex + "' matches the empty string, which is not supported");
    }
    return new TextPattern(pattern);
  }

  private static void requireCommonSyntax(String regex) {
    boolean inClass = false;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      char next = i + 1 < regex.length() ? regex.charAt(i + 1) : 0;
      boolean common =
          switch (c) {
            case '\\' -> next != 0 && ESCAPABLE.indexOf(next) >= 0;
            case '[' -> !inClass && next != ':' && next != ']';
            case '&' -> !inClass || next != '&';
            case '^' -> inClass && regex.charAt(i - 1) == '[';
            case '$' -> inClass;
            case '(' -> inClass || next != '?' || regex.startsWith("(?:", i);
            case '{' -> inClass || (next >= '0' && next <= '9');
            // What follows a quantifier has another meaning in each of the two.
            case '*', '+', '?', '}' -> inClass || (next != '+' && next != '?');
            default -> true;
          };
      if (!common) {
        throw new IllegalArgumentException(
            "regular expression '"
                + regex
                + "' has a construct at "
                + i
                + " that is not supported; supported are literals, '.', \\s, character classes,"
                + " (?:groups), alternatives and greedy quantifiers");
      }
      if (c == '\\') {
        i++;
      } else if (c == '[') {
        inClass = true;
      } else if (c == ']') {
        inClass = false;
      }
    }
  }

  Pattern pattern() {
    return pattern;
  }
}
