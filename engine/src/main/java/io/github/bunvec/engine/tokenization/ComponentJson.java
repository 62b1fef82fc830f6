package io.github.bunvec.engine.tokenization;

import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.loader.JsonNode;
import io.github.bunvec.tokenizer.pipeline.SplitBehavior;
import io.github.bunvec.tokenizer.pipeline.TextPattern;
import io.github.bunvec.tokenizer.sentencepiece.SentencePieceException;
import java.util.function.Supplier;

/** What the components of a tokenizer.json have in common. */
final class ComponentJson {

  private ComponentJson() {}

  /** Returns the one character of a string. */
  static int character(JsonNode json) {
    String text = json.string();
    if (text.isEmpty() || text.codePointCount(0, text.length()) != 1) {
      throw json.wrong("one character");
    }
    return text.codePointAt(0);
  }

  /** Reads {"String": text} or {"Regex": expression}. */
  static TextPattern pattern(JsonNode json) {
    JsonNode literal = json.valueOf("String");
    if (literal != null) {
      return checked(literal, () -> TextPattern.literal(literal.string()));
    }
    JsonNode regex = json.required("Regex");
    return checked(regex, () -> TextPattern.regex(regex.string()));
  }

  static SplitBehavior behavior(JsonNode json) {
    return switch (json.string()) {
      case "Removed" -> SplitBehavior.REMOVED;
      case "Isolated" -> SplitBehavior.ISOLATED;
      case "MergedWithPrevious" -> SplitBehavior.MERGED_WITH_PREVIOUS;
      case "MergedWithNext" -> SplitBehavior.MERGED_WITH_NEXT;
      case "Contiguous" -> SplitBehavior.CONTIGUOUS;
      default ->
          throw json.wrong(
              "one of Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous");
    };
  }

  /** Runs what may refuse a value, and names the value where it does. */
  static <T> T checked(JsonNode json, Supplier<T> value) {
    try {
      return value.get();
    } catch (CheckpointException e) {
      throw e;
    } catch (IllegalArgumentException | SentencePieceException e) {
      throw json.wrong("a value that can be used: " + e.getMessage());
    }
  }
}
