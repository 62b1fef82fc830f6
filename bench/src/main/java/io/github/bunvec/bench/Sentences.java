package io.github.bunvec.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Fifty Japanese sentences, short and long, in many styles. */
public final class Sentences {

  private Sentences() {}

  /**
   * Reads them.
   *
   * @return the sentences
   * @throws IOException if the resource cannot be read
   */
  public static List<String> read() throws IOException {
    try (InputStream in = Sentences.class.getResourceAsStream("sentences.txt")) {
      if (in == null) {
        throw new IOException("resource sentences.txt is missing beside " + Sentences.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
