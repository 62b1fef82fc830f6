package io.github.bunvec.engine.tokenization;

import io.github.bunvec.loader.JsonNode;
import io.github.bunvec.tokenizer.pipeline.BertPreTokenizer;
import io.github.bunvec.tokenizer.pipeline.CharDelimiterSplit;
import io.github.bunvec.tokenizer.pipeline.Digits;
import io.github.bunvec.tokenizer.pipeline.Metaspace;
import io.github.bunvec.tokenizer.pipeline.Metaspace.PrependScheme;
import io.github.bunvec.tokenizer.pipeline.PreTokenizer;
import io.github.bunvec.tokenizer.pipeline.Punctuation;
import io.github.bunvec.tokenizer.pipeline.Split;
import io.github.bunvec.tokenizer.pipeline.SplitBehavior;
import io.github.bunvec.tokenizer.pipeline.Whitespace;
import io.github.bunvec.tokenizer.pipeline.WhitespaceSplit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the pre-tokenizer of a tokenizer.json. */
final class PreTokenizerJson {

  private PreTokenizerJson() {}

  static PreTokenizer read(@Nullable JsonNode json) {
    if (json == null) {
      return PreTokenizer.none();
    }
    JsonNode type = json.required("type");
    return switch (type.string()) {
      case "BertPreTokenizer" -> new BertPreTokenizer();
      case "Whitespace" -> new Whitespace();
      case "WhitespaceSplit" -> new WhitespaceSplit();
      case "Metaspace" -> metaspace(json);
      case "Sequence" -> sequence(json.required("pretokenizers").items());
      case "Punctuation" -> punctuation(json.member("behavior"));
      case "Digits" -> new Digits(json.required("individual_digits").bool());
      case "CharDelimiterSplit" ->
          new CharDelimiterSplit(ComponentJson.character(json.required("delimiter")));
      case "Split" ->
          new Split(
              ComponentJson.pattern(json.required("pattern")),
              ComponentJson.behavior(json.required("behavior")),
              json.required("invert").bool());
      default ->
          throw type.wrong(
              "a pre_tokenizer that is supported: BertPreTokenizer, Whitespace, WhitespaceSplit,"
                  + " Metaspace, Sequence, Punctuation, Digits, CharDelimiterSplit, Split");
    };
  }

  private static PreTokenizer sequence(List<JsonNode> items) {
    PreTokenizer result = PreTokenizer.none();
    for (JsonNode item : items) {
      result = PreTokenizer.sequence(result, read(item));
    }
    return result;
  }

  private static PreTokenizer punctuation(@Nullable JsonNode behavior) {
    return new Punctuation(
        behavior == null ? SplitBehavior.ISOLATED : ComponentJson.behavior(behavior));
  }

  /** Older files say add_prefix_space; the library wants prepend_scheme "never" beside a false. */
  private static PreTokenizer metaspace(JsonNode json) {
    JsonNode scheme = json.member("prepend_scheme");
    PrependScheme chosen =
        switch (scheme == null ? "always" : scheme.string()) {
          case "always" -> PrependScheme.ALWAYS;
          case "first" -> PrependScheme.FIRST;
          case "never" -> PrependScheme.NEVER;
          default -> throw json.required("prepend_scheme").wrong("one of always, first, never");
        };
    JsonNode space = json.valueOf("add_prefix_space");
    if (space != null && !space.bool() && chosen != PrependScheme.NEVER) {
      throw space.wrong("true, or a prepend_scheme of \"never\" beside it");
    }
    JsonNode split = json.valueOf("split");
    return new Metaspace(
        ComponentJson.character(json.required("replacement")),
        chosen,
        split == null || split.bool());
  }
}
