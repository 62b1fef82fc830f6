package io.github.bunvec.tokenizer;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The added and special tokens with their ids, given as transformers' slow tokenizers give them.
 */
final class AddedTokens {

  private final Map<Integer, AddedToken> tokens; // by id, in the order they were added
  private final Map<String, Integer> ids = new HashMap<>();

  /**
   * Takes tokens whose ids are known and adds the special tokens: a special token that neither they
   * nor the vocabulary have gets the next id.
   *
   * @throws IllegalArgumentException if an id is negative
   */
  AddedTokens(Vocabulary vocabulary, Map<Integer, AddedToken> known, List<AddedToken> special) {
    tokens = new LinkedHashMap<>(known);
    known.forEach(
        (id, token) -> {
          if (id < 0) {
            throw new IllegalArgumentException(
                "added token '" + token.content() + "' has id " + id + ", expected 0 or more");
          }
          ids.put(token.content(), id);
        });
    // transformers counts different tokens, not ids; with a hole in the ids the next one may be
    // taken.
    int next = vocabulary.distinctTokens();
    for (String content : ids.keySet()) {
      next += vocabulary.id(content) < 0 ? 1 : 0;
    }
    for (AddedToken token : special) {
      if (!ids.containsKey(token.content())) {
        int id = vocabulary.id(token.content());
        if (id < 0) {
          id = next++;
        }
        tokens.put(id, token);
        ids.put(token.content(), id);
      }
    }
  }

  /** Returns content to id. */
  Map<String, Integer> ids() {
    return ids;
  }

  /** Returns id to token. */
  Map<Integer, AddedToken> tokens() {
    return tokens;
  }

  /** Returns one more than the greatest id. */
  int end() {
    return ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
  }
}
