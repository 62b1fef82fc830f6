package io.github.bunvec.engine.tokenization;

import io.github.bunvec.loader.JsonNode;
import io.github.bunvec.tokenizer.pipeline.BertNormalizer;
import io.github.bunvec.tokenizer.pipeline.Lowercase;
import io.github.bunvec.tokenizer.pipeline.Nmt;
import io.github.bunvec.tokenizer.pipeline.Normalizer;
import io.github.bunvec.tokenizer.pipeline.Precompiled;
import io.github.bunvec.tokenizer.pipeline.Prepend;
import io.github.bunvec.tokenizer.pipeline.Replace;
import io.github.bunvec.tokenizer.pipeline.Strip;
import io.github.bunvec.tokenizer.pipeline.StripAccents;
import io.github.bunvec.tokenizer.pipeline.UnicodeForm;
import io.github.bunvec.tokenizer.sentencepiece.PrecompiledCharsmap;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads the normaliser of a tokenizer.json. */
final class NormalizerJson {

  private NormalizerJson() {}

  static Normalizer read(@Nullable JsonNode json) {
    if (json == null) {
      return Normalizer.none();
    }
    JsonNode type = json.required("type");
    return switch (type.string()) {
      case "BertNormalizer" -> bert(json);
      case "Sequence" -> sequence(json.required("normalizers"));
      case "NFC", "NFD", "NFKC", "NFKD" -> UnicodeForm.valueOf(type.string());
      case "Lowercase" -> new Lowercase();
      case "Strip" ->
          new Strip(json.required("strip_left").bool(), json.required("strip_right").bool());
      case "StripAccents" -> new StripAccents();
      case "Replace" ->
          new Replace(
              ComponentJson.pattern(json.required("pattern")), json.required("content").string());
      case "Prepend" -> new Prepend(json.required("prepend").string());
      case "Precompiled" -> precompiled(json.required("precompiled_charsmap"));
      case "Nmt" -> new Nmt();
      default ->
          throw type.wrong(
              "a normalizer that is supported: BertNormalizer, Sequence, NFC, NFD, NFKC, NFKD,"
                  + " Lowercase, Strip, StripAccents, Replace, Prepend, Precompiled, Nmt");
    };
  }

  static BertNormalizer bert(JsonNode json) {
    JsonNode strip = json.valueOf("strip_accents");
    return new BertNormalizer(
        json.required("clean_text").bool(),
        json.required("handle_chinese_chars").bool(),
        strip == null ? null : strip.bool(),
        json.required("lowercase").bool());
  }

  private static Normalizer sequence(JsonNode json) {
    Normalizer result = Normalizer.none();
    for (JsonNode item : json.items()) {
      result = Normalizer.sequence(result, read(item));
    }
    return result;
  }

  private static Normalizer precompiled(JsonNode json) {
    return ComponentJson.checked(
        json,
        () -> {
          byte[] charsmap = Base64.getDecoder().decode(json.string());
          if (charsmap.length == 0) {
            throw new IllegalArgumentException("it is empty");
          }
          return new Precompiled(PrecompiledCharsmap.of(charsmap));
        });
  }
}
