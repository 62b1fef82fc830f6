package io.github.bunvec.loader;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments that a Transformer module's file hands on to transformers: {@code model_args},
 * {@code config_args}, {@code tokenizer_args} (sentence-transformers 3.0 to 5.3) and their names
 * since 5.4.
 *
 * <p>Those that change no vector are passed over; those that would, or that are unknown, are
 * refused.
 */
final class TransformerArguments {

  private static final List<String> TOKENIZER = List.of("tokenizer_args", "processor_kwargs");

  private static final List<String> GROUPS =
      List.of(
          "model_args",
          "model_kwargs",
          "config_args",
          "config_kwargs",
          "tokenizer_args",
          "processor_kwargs");

  /** Where files come from, how fast the model runs, what it puts out besides. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "add_pooling_layer",
          "attn_implementation",
          "backend",
          "cache_dir",
          "clean_up_tokenization_spaces",
          "device_map",
          "file_name",
          "force_download",
          "local_files_only",
          "low_cpu_mem_usage",
          "model_max_length",
          "output_attentions",
          "output_hidden_states",
          "provider",
          "return_dict",
          "revision",
          "subfolder",
          "token",
          "trust_remote_code",
          "use_auth_token",
          "use_cache",
          "use_safetensors");

  /** Arguments that matter, with the values that mean what is done anyway. */
  private static final Map<String, List<String>> DONE_ANYWAY =
      Map.of(
          "torch_dtype", List.of("float32", "torch.float32", "auto"),
          "dtype", List.of("float32", "torch.float32", "auto"),
          "padding_side", List.of("right"),
          "truncation_side", List.of("right"),
          "is_decoder", List.of("false"),
          "add_cross_attention", List.of("false"),
          "position_embedding_type", List.of("absolute"),
          "use_fast", List.of("true"));

  private TransformerArguments() {}

  static void requireHarmless(JsonNode json) {
    for (String group : GROUPS) {
      JsonNode arguments = json.valueOf(group);
      if (arguments != null) {
        arguments.members().forEach((name, value) -> requireHarmless(arguments, name, value));
      }
    }
    JsonNode processing = json.valueOf("processing_kwargs");
    if (processing != null) {
      for (JsonNode kind : processing.members().values()) {
        if (!kind.isNull() && !kind.members().isEmpty()) {
          throw kind.wrong("an empty object; arguments of the tokenizer's call are not supported");
        }
      }
    }
  }

  private static void requireHarmless(JsonNode group, String name, JsonNode value) {
    if (value.isNull() || WITHOUT_EFFECT.contains(name)) {
      return;
    }
    List<String> accepted = DONE_ANYWAY.get(name);
    if (accepted == null) {
      throw group.wrong(
          "no key "
              + Quoted.name(name)
              + " in it: whether it changes the vectors is not known; remove it if it does not");
    }
    String found = value.isString() ? value.string() : value.found();
    if (!accepted.contains(found)) {
      throw value.wrong(accepted.getFirst() + "; others are not supported");
    }
  }

  /** The tokenizer's maximum length where this file overrides it. */
  static @Nullable JsonNode modelMaxLength(JsonNode json) {
    for (String group : TOKENIZER) {
      JsonNode arguments = json.valueOf(group);
      JsonNode length = arguments == null ? null : arguments.valueOf("model_max_length");
      if (length != null) {
        return length;
      }
    }
    return null;
  }
}
