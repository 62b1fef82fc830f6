package io.github.bunvec.tokenizer.pipeline;

import io.github.bunvec.tokenizer.AddedToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Cuts a text at the added tokens in it. */
final class AddedTokenSplitter {

  /** The id of a segment that is text. */
  static final int TEXT = -1;

  /**
   * A segment of text.
   *
   * @param text what it holds, not empty
   * @param id of the added token it is, or {@link #TEXT}
   * @param first whether the whole text begins with it
   */
  record Segment(String text, int id, boolean first) {}

  private final TokenMatcher matcher;
  private final Map<Integer, AddedToken> tokens;
  private final Set<String> ignored;

  /**
   * Takes the tokens.
   *
   * @param ignored contents of tokens that are text
   */
  AddedTokenSplitter(TokenMatcher matcher, Map<Integer, AddedToken> tokens, Set<String> ignored) {
    this.matcher = matcher;
    this.tokens = Map.copyOf(tokens);
    this.ignored = Set.copyOf(ignored);
  }

  /** Returns the segments of a text in order. */
  List<Segment> split(String text, boolean first) {
    int at = matcher.next(text, 0);
    if (at == text.length()) {
      return text.isEmpty() ? List.of() : List.of(new Segment(text, TEXT, first));
    }
    List<Segment> segments = new ArrayList<>();
    int done = 0;
    while (at < text.length()) {
      TokenMatcher.Match match = matcher.longest(text, at);
      AddedToken token = match == null ? null : tokens.get(match.id());
      if (match == null || token == null) {
        throw new IllegalStateException("a token was found that was not added");
      }
      int end = match.end();
      if (counts(token, text, at, end)) {
        // With rstrip the token before may have gone past this one: the library's rule, too.
        int start = token.lstrip() ? Math.max(blanksBefore(text, at), done) : at;
        int stop = token.rstrip() ? blanksAfter(text, end) : end;
        add(segments, text, done, start, TEXT, first);
        add(segments, text, start, stop, match.id(), first);
        done = stop;
      }
      at = matcher.next(text, end);
    }
    add(segments, text, done, text.length(), TEXT, first);
    return segments;
  }

  private static void add(
      List<Segment> segments, String text, int from, int to, int id, boolean first) {
    if (from < to) {
      segments.add(new Segment(text.substring(from, to), id, first && from == 0));
    }
  }

  private boolean counts(AddedToken token, String text, int start, int end) {
    if (ignored.contains(token.content())) {
      return false;
    }
    return !token.singleWord()
        || ((start == 0 || !CharacterClass.WORD.contains(text.codePointBefore(start)))
            && (end == text.length() || !CharacterClass.WORD.contains(text.codePointAt(end))));
  }

  private static int blanksBefore(String text, int at) {
    int start = at;
    while (start > 0 && CharacterClass.isWhitespace(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  private static int blanksAfter(String text, int at) {
    int end = at;
    while (end < text.length() && CharacterClass.isWhitespace(text.charAt(end))) {
      end++;
    }
    return end;
  }
}
