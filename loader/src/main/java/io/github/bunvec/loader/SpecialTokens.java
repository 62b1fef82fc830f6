package io.github.bunvec.loader;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The special and added tokens of a directory, combined by the rules of transformers 4.57.6
 * (tokenization_utils_base.py {@code _from_pretrained}, tokenization_utils.py {@code __init__} and
 * {@code _add_tokens}).
 *
 * <p>A plain string never changes a token that is already there; an object does change its flags. A
 * special token that tokenizer_config.json names and {@code added_tokens_decoder} describes takes
 * its flags from there.
 */
final class SpecialTokens {

  /** In the order in which transformers gives them ids. */
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

  private final Map<String, JsonNode> settings;
  private final Map<String, String> defaults; // key to content
  private final boolean maskTakesBlanks;
  private final Map<String, AddedToken> tokens = new LinkedHashMap<>(); // by content

  private SpecialTokens(
      Map<String, JsonNode> settings, Map<String, String> defaults, boolean maskTakesBlanks) {
    this.settings = settings;
    this.defaults = defaults;
    this.maskTakesBlanks = maskTakesBlanks;
  }

  /**
   * Combines the files.
   *
   * @param settings the keys of tokenizer_config.json; overridden here as the precedence has it
   * @param defaults the class's special tokens by their key
   * @param maskTakesBlanks whether the class makes of a mask token that is no object one that takes
   *     the white space on its left
   */
  static SpecialTokens combine(
      Map<String, JsonNode> settings,
      @Nullable JsonNode specialTokensMap,
      @Nullable JsonNode addedTokens,
      Map<String, String> defaults,
      boolean maskTakesBlanks) {
    var specials = new SpecialTokens(settings, defaults, maskTakesBlanks);
    JsonNode decoder = settings.get("added_tokens_decoder");
    List<JsonNode> additional = new ArrayList<>(specials.additional());
    if (decoder == null && specialTokensMap != null) {
      for (var entry : specialTokensMap.members().entrySet()) {
        if (entry.getKey().equals(ADDITIONAL)) {
          if (entry.getValue().isNull()) {
            additional.clear();
          } else {
            additional.addAll(entry.getValue().items());
          }
        } else {
          settings.put(entry.getKey(), entry.getValue());
        }
      }
    }
    if (decoder != null) {
      specials.readDecoder(decoder);
    } else if (addedTokens != null) {
      specials.readAddedTokens(addedTokens, additional);
    }
    specials.addSpecials(additional, decoder != null);
    return specials;
  }

  private List<JsonNode> additional() {
    JsonNode list = settings.get(ADDITIONAL);
    return list == null || list.isNull() ? List.of() : list.items();
  }

  private void readDecoder(JsonNode decoder) {
    for (var entry : decoder.members().entrySet()) {
      if (!entry.getKey().matches("[0-9]{1,9}")) {
        throw decoder.wrong("ids as keys, not " + Quoted.name(entry.getKey()));
      }
      AddedToken token = AddedToken.from(entry.getValue(), false);
      put(token.withId(Integer.valueOf(entry.getKey())));
    }
  }

  private void readAddedTokens(JsonNode addedTokens, List<JsonNode> additional) {
    List<String> special = new ArrayList<>();
    for (String key : KEYS) {
      JsonNode value = settings.get(key);
      if (value != null && !value.isNull()) {
        special.add(token(value).content());
      }
    }
    additional.forEach(value -> special.add(token(value).content()));
    for (var entry : addedTokens.members().entrySet()) {
      String content = entry.getKey();
      boolean isSpecial = special.contains(content);
      int id = entry.getValue().integer(0, Integer.MAX_VALUE);
      put(new AddedToken(content, id, false, false, false, !isSpecial, isSpecial));
    }
  }

  private void addSpecials(List<JsonNode> additional, boolean decoderRules) {
    List<String> seen = new ArrayList<>();
    for (String key : KEYS) {
      JsonNode value = settings.get(key);
      boolean absent = value == null || value.isNull();
      if (absent && !defaults.containsKey(key)) {
        continue; // bos_token and eos_token may be absent; null for the others is an error
      }
      String content = content(key);
      if (seen.contains(content)) {
        continue;
      }
      seen.add(content);
      AddedToken known = tokens.get(content);
      if (decoderRules && known != null && value != null) {
        put(known.asSpecial());
      } else if (maskTakesBlanks
          && key.equals("mask_token")
          && (value == null || value.isString())) {
        put(AddedToken.mask(content).withId(known == null ? null : known.id()));
      } else {
        add(value == null ? AddedToken.special(content) : token(value), value);
      }
    }
    for (JsonNode value : additional) {
      AddedToken token = token(value);
      if (!seen.contains(token.content())) {
        add(token, value);
      }
    }
  }

  private void add(AddedToken token, @Nullable JsonNode form) {
    AddedToken known = tokens.get(token.content());
    if (known == null) {
      put(token.asSpecial());
    } else if (form != null && form.isObject()) {
      put(token.asSpecial().withId(known.id()));
    }
  }

  private void put(AddedToken token) {
    if (!token.content().isEmpty()) {
      tokens.put(token.content(), token);
    }
  }

  private static AddedToken token(JsonNode value) {
    if (value.isString()) {
      return AddedToken.special(value.string());
    }
    if (value.isObject()) {
      // special_tokens_map.json says nothing of "special", and means it
      return AddedToken.from(value, value.file().endsWith("special_tokens_map.json"));
    }
    throw value.wrong("a string or an object with 'content'");
  }

  /** Returns the text of a special token that every tokenizer of the family has. */
  String content(String key) {
    JsonNode value = settings.get(key);
    if (value == null) {
      String fallback = defaults.get(key);
      if (fallback == null) {
        throw new IllegalArgumentException(key + " has no default");
      }
      return fallback;
    }
    return token(value).content();
  }

  List<AddedToken> addedTokens() {
    return List.copyOf(tokens.values());
  }
}
