package io.github.bunvec.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The front of transformers' slow tokenizers: lower-cases text outside special tokens and cuts it
 * at the added tokens.
 */
final class SpecialTokenSplitter {

  /** The id of a piece that is text. */
  static final int TEXT = -1;

  /**
   * A piece of text.
   *
   * @param text as written, lower-cased if the tokenizer does so
   * @param id the id of the added token it is, or {@link #TEXT}
   */
  record Piece(String text, int id) {}

  private final AddedTokens added;
  private final AddedTokenTrie trie;
  private final boolean lowerCase;
  private final boolean splitSpecialTokens;
  private final List<String> keptFromLowerCase; // in the order they are tried

  /** Makes a splitter that lower-cases nothing. */
  SpecialTokenSplitter(AddedTokens added, boolean splitSpecialTokens) {
    this(added, List.of(), false, splitSpecialTokens);
  }

  SpecialTokenSplitter(
      AddedTokens added, SpecialTokens special, boolean lowerCase, boolean splitSpecialTokens) {
    this(added, special.all(), lowerCase, splitSpecialTokens);
  }

  private SpecialTokenSplitter(
      AddedTokens added, List<AddedToken> special, boolean lowerCase, boolean splitSpecialTokens) {
    this.added = added;
    this.lowerCase = lowerCase;
    this.splitSpecialTokens = splitSpecialTokens;
    trie = new AddedTokenTrie(added.tokens().values().stream().map(AddedToken::content).toList());
    keptFromLowerCase = new ArrayList<>();
    special.forEach(token -> keptFromLowerCase.add(token.content()));
    for (AddedToken token : added.tokens().values()) {
      if (!token.special() && token.normalized()) {
        keptFromLowerCase.add(token.content());
      }
    }
  }

  /** Returns the pieces of a text in order; empty ones are left out. */
  List<Piece> split(String text) {
    String cased = lowerCase ? lowerOutsideTokens(text) : text;
    if (cased.isEmpty()) {
      return List.of();
    }
    if (splitSpecialTokens || !trie.mayOccurIn(cased)) {
      return List.of(new Piece(cased, TEXT));
    }
    List<String> pieces = new ArrayList<>(trie.split(cased));
    for (int i = 0; i < pieces.size(); i++) {
      Integer id = added.ids().get(pieces.get(i));
      if (id != null) {
        applyFlags(pieces, i, Objects.requireNonNull(added.tokens().get(id)));
      }
    }
    List<Piece> result = new ArrayList<>(pieces.size());
    for (String piece : pieces) {
      if (!piece.isEmpty()) {
        result.add(new Piece(piece, added.ids().getOrDefault(piece, TEXT)));
      }
    }
    return result;
  }

  /** Lets a token take whitespace from its neighbours, or gives it up to one of them. */
  private static void applyFlags(List<String> pieces, int i, AddedToken token) {
    String left = i > 0 ? pieces.get(i - 1) : "";
    String right = i < pieces.size() - 1 ? pieces.get(i + 1) : "";
    if (token.rstrip() && !right.isEmpty()) {
      pieces.set(i + 1, Whitespace.stripStart(right));
    }
    if (token.lstrip() && !left.isEmpty()) {
      pieces.set(i - 1, Whitespace.stripEnd(left));
    }
    // The neighbours as they were before stripping decide.
    if (token.singleWord() && !left.isEmpty() && !left.endsWith(" ")) {
      pieces.set(i - 1, pieces.get(i - 1) + pieces.get(i));
      pieces.set(i, "");
    } else if (token.singleWord() && !right.isEmpty() && !right.startsWith(" ")) {
      pieces.set(i + 1, pieces.get(i) + pieces.get(i + 1));
      pieces.set(i, "");
    }
  }

  private String lowerOutsideTokens(String text) {
    if (!trie.mayOccurIn(text)) {
      return LowerCase.ofEach(text);
    }
    StringBuilder result = new StringBuilder(text.length());
    int plain = 0;
    int at = 0;
    while (at < text.length()) {
      String token = keptAt(text, at);
      if (token.isEmpty()) {
        at++;
        continue;
      }
      result.append(LowerCase.ofEach(text.substring(plain, at))).append(token);
      at += token.length();
      plain = at;
    }
    return result.append(LowerCase.ofEach(text.substring(plain))).toString();
  }

  /** Returns the first token of the list that stands there, or the empty string. */
  private String keptAt(String text, int at) {
    for (String token : keptFromLowerCase) {
      if (text.startsWith(token, at)) {
        return token;
      }
    }
    return "";
  }
}
