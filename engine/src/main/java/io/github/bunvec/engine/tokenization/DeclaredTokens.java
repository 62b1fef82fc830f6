package io.github.bunvec.engine.tokenization;

import io.github.bunvec.loader.JsonNode;
import io.github.bunvec.tokenizer.AddedToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a fast tokenizer of transformers 4.57.6 adds to its pipeline, combined of
 * tokenizer_config.json, special_tokens_map.json, added_tokens.json and tokenizer.json by the rules
 * of {@code _from_pretrained} (tokenization_utils_base.py) and {@code PreTrainedTokenizerFast}.
 *
 * <p>{@code added_tokens_decoder} in tokenizer_config.json makes the other files mute. Ids in the
 * files only order the tokens; a token that the pipeline lacks gets the next free id.
 */
final class DeclaredTokens {

  private static final List<String> KEYS =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");
  private static final String ADDITIONAL = "additional_special_tokens";

  private final TokenizerFamily family;
  private final Map<String, @Nullable DeclaredToken> main = new HashMap<>(); // keys that are set
  private @Nullable List<DeclaredToken> additional; // null where nothing says so
  private final List<DeclaredToken> extra = new ArrayList<>();
  private final TreeMap<Integer, DeclaredToken> byId = new TreeMap<>();
  private final Map<String, DeclaredToken> flags = new HashMap<>(); // content to token with flags

  private DeclaredTokens(TokenizerFamily family) {
    this.family = family;
  }

  static DeclaredTokens read(
      TokenizerFamily family,
      @Nullable JsonNode config,
      @Nullable JsonNode specialTokensMap,
      @Nullable JsonNode addedTokens,
      @Nullable JsonNode tokenizerJson) {
    DeclaredTokens tokens = new DeclaredTokens(family);
    JsonNode decoder = null;
    if (config != null) {
      tokens.readKeys(config, false);
      tokens.readExtra(config.valueOf("extra_special_tokens"));
      decoder = config.member("added_tokens_decoder");
    }
    if (decoder != null) {
      tokens.readDecoder(decoder);
    } else {
      if (specialTokensMap != null) {
        tokens.readKeys(specialTokensMap, true);
      }
      if (addedTokens != null) {
        tokens.readAddedTokens(addedTokens);
      }
      if (tokenizerJson != null) {
        tokens.readPipelineTokens(tokenizerJson);
      }
    }
    tokens.main.replaceAll(
        (key, token) -> token == null ? null : tokens.flags.getOrDefault(token.content(), token));
    return tokens;
  }

  private void readKeys(JsonNode json, boolean special) {
    for (String key : KEYS) {
      JsonNode value = json.member(key);
      if (value != null) {
        main.put(key, value.isNull() ? null : DeclaredToken.read(value, special));
      }
    }
    JsonNode list = json.member(ADDITIONAL);
    if (list == null) {
      return;
    }
    List<DeclaredToken> merged = new ArrayList<>();
    if (!list.isNull()) {
      merged.addAll(additional == null ? List.of() : additional);
      for (JsonNode item : list.items()) {
        DeclaredToken token = DeclaredToken.read(item, special);
        if (!merged.contains(token)) {
          merged.add(token);
        }
      }
      additional = merged;
    } else {
      additional = special ? List.of() : null;
    }
  }

  private void readExtra(@Nullable JsonNode json) {
    if (json != null && !(json.isList() && json.items().isEmpty())) {
      json.members().values().forEach(value -> extra.add(DeclaredToken.read(value, false)));
    }
  }

  private void readDecoder(JsonNode decoder) {
    decoder
        .members()
        .forEach(
            (id, json) -> {
              if (!id.matches("[0-9]{1,9}")) {
                throw decoder.wrong("ids as keys, not '" + id + "'");
              }
              if (!json.isObject()) {
                throw json.wrong("an object with 'content'");
              }
              put(Integer.parseInt(id), DeclaredToken.read(json, false));
            });
  }

  private void put(int id, DeclaredToken token) {
    byId.put(id, token);
    flags.put(token.content(), token);
  }

  private void readAddedTokens(JsonNode json) {
    Set<String> special = new HashSet<>();
    for (DeclaredToken token : main.values()) {
      if (token != null) {
        special.add(token.content());
      }
    }
    if (additional != null) {
      additional.forEach(token -> special.add(token.content()));
    }
    json.members()
        .forEach(
            (content, id) -> {
              boolean isSpecial = special.contains(content);
              byId.put(
                  id.integer(0, Integer.MAX_VALUE),
                  new DeclaredToken(content, false, false, false, false, !isSpecial, isSpecial));
            });
  }

  private void readPipelineTokens(JsonNode tokenizerJson) {
    for (JsonNode token : tokenizerJson.required("added_tokens").items()) {
      put(token.required("id").integer(0, Integer.MAX_VALUE), DeclaredToken.read(token, false));
    }
  }

  /** Returns a special token of the tokenizer, or null where it has none. */
  @Nullable DeclaredToken special(String key) {
    if (main.containsKey(key)) {
      DeclaredToken token = main.get(key);
      return token != null && key.equals("mask_token") ? mask(token) : token;
    }
    String content = family.specialTokens().get(key);
    if (content == null) {
      return null;
    }
    DeclaredToken token = DeclaredToken.string(content);
    return key.equals("mask_token") ? mask(token) : token;
  }

  private DeclaredToken mask(DeclaredToken token) {
    return family.maskTakesBlanks() && token.plainString()
        ? DeclaredToken.mask(token.content())
        : token;
  }

  /** Returns all special tokens, each content once, in the order transformers has them. */
  private List<DeclaredToken> allSpecial() {
    Map<String, DeclaredToken> all = new LinkedHashMap<>();
    for (String key : KEYS) {
      DeclaredToken token = special(key);
      if (token != null) {
        all.putIfAbsent(token.content(), token);
      }
    }
    List<DeclaredToken> more =
        additional != null
            ? additional
            : family.additional().stream().map(DeclaredToken::string).toList();
    more.forEach(token -> all.putIfAbsent(token.content(), token));
    extra.forEach(token -> all.putIfAbsent(token.content(), token));
    all.remove("");
    return List.copyOf(all.values());
  }

  /**
   * Returns what is added to a pipeline, in order.
   *
   * @param present the contents of the tokens added to it so far
   */
  List<AddedToken> toAdd(Set<String> present) {
    List<DeclaredToken> special = allSpecial();
    Set<String> specialContents = new HashSet<>();
    special.forEach(token -> specialContents.add(token.content()));
    List<DeclaredToken> tokens = new ArrayList<>(byId.values());
    Set<String> known = new HashSet<>(present);
    Set<AddedToken> equal = new HashSet<>();
    for (DeclaredToken token : tokens) {
      known.add(token.content());
      equal.add(token.asAdded(token.special()));
    }
    for (DeclaredToken token : special) {
      // A string is compared with contents, a token with tokens.
      boolean there =
          token.plainString()
              ? known.contains(token.content())
              : equal.contains(token.asAdded(token.special()));
      if (!there) {
        tokens.add(token);
      }
    }
    return tokens.stream()
        .filter(token -> !token.content().isEmpty())
        .map(token -> token.asAdded(token.special() || specialContents.contains(token.content())))
        .toList();
  }
}
