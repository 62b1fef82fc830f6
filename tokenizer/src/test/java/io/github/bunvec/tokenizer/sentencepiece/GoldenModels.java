package io.github.bunvec.tokenizer.sentencepiece;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** What tools/golden/sentencepiece_golden.py wrote. */
public final class GoldenModels {

  private GoldenModels() {}

  private static byte[] resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(GoldenModels.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    }
  }

  /** Returns the bytes of a model file. */
  static byte[] bytes(String name) throws IOException {
    try (InputStream in =
        new GZIPInputStream(
            Objects.requireNonNull(
                GoldenModels.class.getResourceAsStream(name + ".model.gz"), name))) {
      return in.readAllBytes();
    }
  }

  /** Reads a model. */
  public static SentencePieceModel read(String name) throws IOException {
    return SentencePieceModel.parse(bytes(name), name);
  }

  /** Returns the lines of a file of results. */
  public static List<String> lines(String name) throws IOException {
    return new String(resource(name), StandardCharsets.UTF_8).lines().toList();
  }
}
