package io.github.bunvec.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Texts of mixed lengths as users have them: mostly single sentences, every fifteenth a paragraph.
 *
 * <p>A paragraph joins consecutive sentences of the source until it has a length asked for. Those
 * lengths grow by equal factors from 100 to 900 characters, so that of captions and the like, half
 * of which have up to 23 characters and three quarters up to 32, one text in twenty has over 155.
 * The same source and number give the same texts.
 */
public final class MixedTexts {

  private static final int PERIOD = 15;
  private static final double SHORTEST = 100;
  private static final double LONGEST = 900;

  private final List<String> source;
  private int next;

  private MixedTexts(List<String> source) {
    this.source = source;
  }

  /**
   * Makes texts.
   *
   * @param source sentences; they are used again from the first on where there are too few
   * @param count how many texts
   * @return the texts, in order of arrival
   */
  public static List<String> of(List<String> source, int count) {
    List<String> sentences = source.stream().filter(sentence -> !sentence.isBlank()).toList();
    if (sentences.isEmpty() || count < 1) {
      throw new IllegalArgumentException(
          count + " texts of " + sentences.size() + " sentences, expected at least one of each");
    }
    MixedTexts mixed = new MixedTexts(sentences);
    List<Integer> lengths = lengths(count / PERIOD);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean paragraph = i % PERIOD == PERIOD - 1;
      texts.add(paragraph ? mixed.paragraph(lengths.get(i / PERIOD)) : mixed.sentence());
    }
    return texts;
  }

  /** Lengths of paragraphs in characters, shuffled. */
  private static List<Integer> lengths(int count) {
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double share = count == 1 ? 0.5 : (double) i / (count - 1);
      lengths.add((int) Math.round(SHORTEST * Math.pow(LONGEST / SHORTEST, share)));
    }
    SplittableRandom random = RandomValues.random("paragraphs");
    for (int i = count - 1; i > 0; i--) {
      Collections.swap(lengths, i, random.nextInt(i + 1));
    }
    return lengths;
  }

  private String sentence() {
    return source.get(next++ % source.size());
  }

  private String paragraph(int length) {
    StringBuilder text = new StringBuilder(sentence());
    while (text.length() < length) {
      text.append(sentence());
    }
    return text.toString();
  }
}
