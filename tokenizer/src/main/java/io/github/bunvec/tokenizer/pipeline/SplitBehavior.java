package io.github.bunvec.tokenizer.pipeline;

import io.github.bunvec.tokenizer.pipeline.PreTokenizer.Piece;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;

/** What becomes of the delimiters when a piece is cut at them. */
public enum SplitBehavior {
  /** They are dropped. */
  REMOVED,
  /** Each is a word. */
  ISOLATED,
  /** Each ends the word before it, unless that is one, too. */
  MERGED_WITH_PREVIOUS,
  /** Each begins the word after it, unless that is one, too. */
  MERGED_WITH_NEXT,
  /** Those that touch are one word. */
  CONTIGUOUS;

  /** A part of a piece that is a delimiter as a whole or has none. */
  private static final class Segment {
    int from;
    int to;
    final boolean delimiter;

    Segment(int from, int to, boolean delimiter) {
      this.from = from;
      this.to = to;
      this.delimiter = delimiter;
    }
  }

  /** Cuts a piece at single characters. */
  void cut(Piece piece, IntPredicate delimiter, Consumer<Piece> words) {
    String text = piece.text();
    List<Segment> segments = new ArrayList<>();
    int plain = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int end = i + Character.charCount(c);
      if (delimiter.test(c)) {
        addPlain(segments, plain, i, false);
        segments.add(new Segment(i, end, true));
        plain = end;
      }
      i = end;
    }
    addPlain(segments, plain, text.length(), false);
    emit(piece, segments, words);
  }

  /** Cuts a piece at matches of a pattern, or, inverted, at what lies between them. */
  void cut(Piece piece, TextPattern delimiter, boolean invert, Consumer<Piece> words) {
    String text = piece.text();
    List<Segment> segments = new ArrayList<>();
    Matcher matcher = delimiter.pattern().matcher(text);
    int plain = 0;
    while (matcher.find()) {
      addPlain(segments, plain, matcher.start(), invert);
      segments.add(new Segment(matcher.start(), matcher.end(), !invert));
      plain = matcher.end();
    }
    addPlain(segments, plain, text.length(), invert);
    emit(piece, segments, words);
  }

  private static void addPlain(List<Segment> segments, int from, int to, boolean delimiter) {
    if (from < to) {
      segments.add(new Segment(from, to, delimiter));
    }
  }

  private void emit(Piece piece, List<Segment> segments, Consumer<Piece> words) {
    for (Segment segment : merged(segments)) {
      words.accept(piece.part(segment.from, segment.to));
    }
  }

  private List<Segment> merged(List<Segment> segments) {
    return switch (this) {
      case ISOLATED -> segments;
      case REMOVED -> segments.stream().filter(segment -> !segment.delimiter).toList();
      case MERGED_WITH_NEXT -> {
        List<Segment> reversed = new ArrayList<>(segments);
        Collections.reverse(reversed);
        List<Segment> merged = joined(reversed);
        Collections.reverse(merged);
        yield merged;
      }
      case MERGED_WITH_PREVIOUS, CONTIGUOUS -> joined(segments);
    };
  }

  /** Lets segments grow over their successors in the order given. */
  private List<Segment> joined(List<Segment> segments) {
    List<Segment> result = new ArrayList<>();
    boolean afterDelimiter = false;
    for (Segment segment : segments) {
      boolean joins =
          this == CONTIGUOUS
              ? segment.delimiter == afterDelimiter
              : segment.delimiter && !afterDelimiter;
      if (joins && !result.isEmpty()) {
        Segment last = result.getLast();
        last.from = Math.min(last.from, segment.from);
        last.to = Math.max(last.to, segment.to);
      } else {
        result.add(segment);
      }
      afterDelimiter = segment.delimiter;
    }
    return result;
  }
}
