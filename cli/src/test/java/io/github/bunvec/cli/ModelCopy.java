package io.github.bunvec.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The demonstration model as a directory that a test may damage. */
final class ModelCopy {

  private static final List<String> FILES =
      List.of(
          "config.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "vocab.txt",
          "modules.json",
          "sentence_bert_config.json",
          "config_sentence_transformers.json",
          "1_Pooling/config.json",
          "model.safetensors");

  private ModelCopy() {}

  static Path into(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("1_Pooling"));
    for (String file : FILES) {
      String resource = "META-INF/bunvec/models/mini-ja/" + file;
      try (InputStream in = ModelCopy.class.getClassLoader().getResourceAsStream(resource)) {
        Files.copy(in, directory.resolve(file));
      }
    }
    return directory;
  }

  static void edit(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    if (!text.contains(from)) {
      throw new AssertionError(file + " does not contain " + from);
    }
    Files.writeString(file, text.replace(from, to));
  }
}
