package io.github.bunvec.engine.dictionary;

import java.util.ArrayList;
import java.util.List;

/** Cuts a line into words as Python's {@code shlex.split} does, the POSIX shell's rules. */
final class ShellWords {

  private static final String BLANKS = " \t\r\n";

  private final String line;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private int at;

  private ShellWords(String line) {
    this.line = line;
  }

  /**
   * Returns the words.
   *
   * @throws IllegalArgumentException if a quotation or an escape is not ended
   */
  static List<String> split(String line) {
    return new ShellWords(line).split();
  }

  private List<String> split() {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == '\'' || c == '"') {
        inWord = true;
        quoted(c);
      } else if (c == '\\') {
        inWord = true;
        word.append(escaped());
      } else if (BLANKS.indexOf(c) >= 0) {
        end();
      } else {
        inWord = true;
        word.append(c);
      }
    }
    end();
    return words;
  }

  private void quoted(char quote) {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == quote) {
        return;
      }
      if (c == '\\' && quote == '"') {
        char next = escaped();
        if (next != '"' && next != '\\') {
          word.append(c);
        }
        word.append(next);
      } else {
        word.append(c);
      }
    }
    throw new IllegalArgumentException("a quotation has no end: " + line);
  }

  private char escaped() {
    if (at == line.length()) {
      throw new IllegalArgumentException("nothing follows the last backslash: " + line);
    }
    return line.charAt(at++);
  }

  private void end() {
    if (inWord) {
      words.add(word.toString());
      word.setLength(0);
      inWord = false;
    }
  }
}
