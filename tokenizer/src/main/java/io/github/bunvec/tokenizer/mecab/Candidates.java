package io.github.bunvec.tokenizer.mecab;

import java.util.Arrays;

/**
 * The words that can start at one place of a text: what the dictionary has and what is made up for
 * unknown words. Rules and order are those of MeCab 0.996's Tokenizer::lookup.
 */
final class Candidates {

  /** Lengths are 16 bits wide in MeCab, so it looks this far ahead and counts modulo 65,536. */
  private static final int WINDOW = 0xFFFF;

  private final Dictionary dictionary;
  private final CharacterDefinition characters;
  private final Lexicon[] lexicons;
  private final int space;
  private final int maxGrouping;
  private final int[] found = new int[2 * Lexicon.MAX_PREFIXES];

  private byte[] text = {};
  private int from;
  private int windowEnd;
  private int start;

  private int count;
  private int[] ends = new int[64]; // [count]: where the word ends
  private int[] nexts = new int[64]; // [count]: where the next word may start
  private long[] tokens = new long[64]; // [count]: ids and cost

  Candidates(Dictionary dictionary) {
    this.dictionary = dictionary;
    characters = dictionary.characters();
    lexicons = dictionary.lexicons();
    maxGrouping = dictionary.maxGrouping();
    space = characters.information(' ');
  }

  int count() {
    return count;
  }

  /** Returns where all candidates start: behind the blanks. */
  int start() {
    return start;
  }

  int end(int candidate) {
    return ends[candidate];
  }

  int next(int candidate) {
    return nexts[candidate];
  }

  long token(int candidate) {
    return tokens[candidate];
  }

  /**
   * Collects the words that follow a word ending at {@code from}.
   *
   * @param text UTF-8
   * @param length how many bytes of it count
   */
  void collect(byte[] text, int from, int length) {
    this.text = text;
    this.from = from;
    windowEnd = Math.min(length, from + WINDOW);
    count = 0;
    skipBlanks();
    addKnown();
    int first = start < windowEnd ? characters.information(text, start, windowEnd) : space;
    if (count == 0 || CharacterDefinition.invoke(first)) {
      // At the end of the text MeCab takes the last blank for the first character once more.
      int firstEnd =
          start < windowEnd
              ? start + CharacterDefinition.byteLength(text, start, windowEnd)
              : start + 1;
      addUnknown(first, firstEnd);
    }
  }

  /** A blank is what shares a category with the character before it, beginning with the space. */
  private void skipBlanks() {
    start = from;
    int previous = space;
    while (start < windowEnd) {
      int information = characters.information(text, start, windowEnd);
      if (!CharacterDefinition.related(previous, information)) {
        break;
      }
      start += CharacterDefinition.byteLength(text, start, windowEnd);
      previous = information;
    }
  }

  /** The system dictionary's words come first, then those of each user dictionary. */
  private void addKnown() {
    for (Lexicon words : lexicons) {
      int matches = words.prefixes(text, start, windowEnd, found);
      for (int match = 0; match < matches; match++) {
        int end = start + found[2 * match];
        int value = found[2 * match + 1];
        int token = Lexicon.firstToken(value);
        for (int i = 0; i < Lexicon.tokenCount(value); i++) {
          add(end, words.token(token + i));
        }
      }
    }
  }

  private void addUnknown(int first, int firstEnd) {
    long[] templates = dictionary.unknownTokens(CharacterDefinition.category(first));
    if (firstEnd > windowEnd) {
      addAll(templates, firstEnd);
      return;
    }
    int groupEnd = -1;
    if (CharacterDefinition.group(first)) {
      groupEnd = groupEnd(first, firstEnd);
      if (groupEnd >= 0) {
        addAll(templates, groupEnd);
      }
    }
    int end = firstEnd;
    for (int i = 1; i <= CharacterDefinition.length(first) && end <= windowEnd; i++) {
      if (end == groupEnd) {
        continue;
      }
      addAll(templates, end);
      if (end == windowEnd) {
        break;
      }
      int information = characters.information(text, end, windowEnd);
      if (!CharacterDefinition.related(first, information)) {
        break;
      }
      end += CharacterDefinition.byteLength(text, end, windowEnd);
    }
    if (count == 0) {
      addAll(templates, end);
    }
  }

  /**
   * Returns where the run of related characters ends, or -1 if it is too long for a word. MeCab
   * runs to its end either way, which costs quadratic time; where a long run ends decides nothing,
   * as words made by length have at most 15 characters.
   */
  private int groupEnd(int first, int firstEnd) {
    int end = firstEnd;
    int previous = first;
    for (int extra = 0; end < windowEnd; extra++) {
      int information = characters.information(text, end, windowEnd);
      if (!CharacterDefinition.related(previous, information)) {
        break;
      }
      if (extra == maxGrouping) {
        return -1;
      }
      end += CharacterDefinition.byteLength(text, end, windowEnd);
      previous = information;
    }
    return end;
  }

  private void addAll(long[] templates, int end) {
    for (long template : templates) {
      add(end, template);
    }
  }

  private void add(int end, long token) {
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
      nexts = Arrays.copyOf(nexts, 2 * count);
      tokens = Arrays.copyOf(tokens, 2 * count);
    }
    ends[count] = end;
    nexts[count] = from + (end - from & WINDOW);
    tokens[count] = token;
    count++;
  }
}
