package io.github.bunvec.tokenizer.pipeline;

import io.github.bunvec.tokenizer.AddedToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tokens added to a model's vocabulary, with the library's rules for ids and for tokens that
 * are added twice: flags but {@code normalized} are those of the last addition; a special token
 * keeps the {@code normalized} of its first, another is looked for in both ways.
 */
final class AddedVocabulary {

  private final SubwordModel model;
  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<Integer, AddedToken> tokens = new HashMap<>();
  private final List<AddedToken> special = new ArrayList<>();
  private final List<AddedToken> plain = new ArrayList<>();
  private final Set<String> specialContents = new HashSet<>();

  AddedVocabulary(SubwordModel model) {
    this.model = model;
  }

  void add(List<AddedToken> added) {
    for (AddedToken token : added) {
      if (token.special() && specialContents.add(token.content())) {
        special.add(token);
      }
    }
    for (AddedToken token : added) {
      if (tokens.containsValue(token)) {
        continue;
      }
      int known = id(token.content());
      int id = known >= 0 ? known : nextId();
      ids.put(token.content(), id);
      tokens.put(id, token);
      if (!specialContents.contains(token.content())) {
        plain.add(token);
      }
    }
  }

  private int nextId() {
    int greatest = ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    return Math.max(greatest + 1, model.size());
  }

  /** Returns the id of an added token or one of the model, or -1. */
  int id(String token) {
    Integer id = ids.get(token);
    return id == null ? model.id(token) : id;
  }

  Map<Integer, AddedToken> tokens() {
    return tokens;
  }

  boolean isSpecial(String content) {
    return specialContents.contains(content);
  }

  /** Returns one more than the greatest id of an added token. */
  int end() {
    return ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
  }

  /**
   * Returns the tokens to look for in text as it is, or in normalised text.
   *
   * @param normalizer what the tokens, too, are brought through for normalised text
   */
  TokenMatcher matcher(boolean normalized, Normalizer normalizer) {
    TokenMatcher matcher = new TokenMatcher();
    for (List<AddedToken> list : List.of(special, plain)) {
      for (AddedToken token : list) {
        if (token.normalized() != normalized) {
          continue;
        }
        String content = normalized ? normalizer.normalize(token.content()) : token.content();
        if (content.isEmpty()) {
          throw new IllegalArgumentException(
              "added token '" + token.content() + "' is empty when it is normalised");
        }
        matcher.add(content, id(token.content()));
      }
    }
    return matcher;
  }
}
