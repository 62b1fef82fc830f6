package io.github.bunvec.kernels.cuda.nvrtc;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kernel files of this module, as the build copied them. */
final class CudaFiles {

  /** The entry points of each file: what the host calls by name. */
  static final Map<String, Set<String>> ENTRIES =
      Map.of(
          "accumulate",
          Set.of("accumulate_bf16", "accumulate_f32"),
          "activation",
          Set.of("activation_bf16", "activation_f32"),
          "add_layer_norm",
          Set.of("add_layer_norm_bf16", "add_layer_norm_f32", "layer_norm_bf16", "layer_norm_f32"),
          "attention",
          attention(),
          "attention_any",
          Set.of(
              "attention_any_bf16",
              "attention_any_f32",
              "attention_any_first_bf16_f32",
              "attention_any_first_f32"),
          "cast",
          Set.of("cast_bf16_f32", "cast_f32_bf16"),
          "embed",
          Set.of("embed_bf16", "embed_f32"),
          "normalize",
          Set.of("normalize_bf16", "normalize_f32"),
          "pool",
          Set.of("pool_bf16", "pool_f32"));

  private CudaFiles() {}

  /** Returns the names of all of them, without {@code .cu}. */
  static List<String> names() throws IOException, URISyntaxException {
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".cu"))
          .map(file -> file.substring(0, file.length() - ".cu".length()))
          .sorted()
          .toList();
    }
  }

  static String read(String file) throws IOException, URISyntaxException {
    return Files.readString(folder().resolve(file));
  }

  /** For all tokens and for first ones alone, by the width of a head. */
  private static Set<String> attention() {
    return Stream.of(32, 64, 128)
        .flatMap(
            width ->
                Stream.of(
                    "attention_" + width + "_bf16",
                    "attention_" + width + "_f32",
                    "attention_first_" + width + "_bf16_f32",
                    "attention_first_" + width + "_f32"))
        .collect(Collectors.toSet());
  }

  private static Path folder() throws URISyntaxException {
    URL shared = KernelSource.class.getResource("/io/github/bunvec/kernels/cuda/common.cuh");
    return Objects.requireNonNull(Path.of(Objects.requireNonNull(shared).toURI()).getParent());
  }
}
