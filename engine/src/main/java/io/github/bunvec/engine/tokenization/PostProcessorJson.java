package io.github.bunvec.engine.tokenization;

import io.github.bunvec.loader.JsonNode;
import io.github.bunvec.tokenizer.pipeline.PostProcessor;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads the post-processor of a tokenizer.json, of which that for pairs of texts is left out. */
final class PostProcessorJson {

  private PostProcessorJson() {}

  static PostProcessor read(@Nullable JsonNode json) {
    if (json == null) {
      return PostProcessor.none();
    }
    JsonNode type = json.required("type");
    return switch (type.string()) {
      case "TemplateProcessing" -> template(json);
      case "BertProcessing", "RobertaProcessing" ->
          new PostProcessor(
              new int[] {id(json.required("cls"))}, new int[] {id(json.required("sep"))});
      case "Sequence" -> sequence(json.required("processors"));
      default ->
          throw type.wrong(
              "a post_processor that is supported: TemplateProcessing, BertProcessing,"
                  + " RobertaProcessing, Sequence");
    };
  }

  /** The library itself fails where a second processor meets what the first has made. */
  private static PostProcessor sequence(JsonNode json) {
    List<JsonNode> items = json.items();
    if (items.size() > 1) {
      throw json.wrong("one post-processor at most; several after each other are not supported");
    }
    return items.isEmpty() ? PostProcessor.none() : read(items.getFirst());
  }

  /** Reads ["[CLS]", 101]. */
  private static int id(JsonNode json) {
    List<JsonNode> pair = json.items();
    if (pair.size() != 2) {
      throw json.wrong("a token and its id");
    }
    return pair.get(1).integer(0, Integer.MAX_VALUE);
  }

  private static PostProcessor template(JsonNode json) {
    JsonNode single = json.required("single");
    JsonNode special = json.required("special_tokens");
    IntStream.Builder before = IntStream.builder();
    IntStream.Builder after = IntStream.builder();
    boolean textSeen = false;
    for (JsonNode piece : single.items()) {
      JsonNode sequence = piece.valueOf("Sequence");
      if (sequence != null) {
        if (textSeen || !sequence.required("id").string().equals("A")) {
          throw single.wrong("a template with sequence A once and no other");
        }
        textSeen = true;
        continue;
      }
      JsonNode name = piece.required("SpecialToken").required("id");
      JsonNode token = special.member(name.string());
      if (token == null) {
        throw name.wrong("a key of 'special_tokens' beside the template");
      }
      for (JsonNode id : token.required("ids").items()) {
        (textSeen ? after : before).add(id.integer(0, Integer.MAX_VALUE));
      }
    }
    if (!textSeen) {
      throw single.wrong("a template with sequence A once and no other");
    }
    return new PostProcessor(before.build().toArray(), after.build().toArray());
  }
}
