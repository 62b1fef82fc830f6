package io.github.bunvec.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Words for random models. */
public final class Vocabularies {

  private static final String MINI_JA = "META-INF/bunvec/models/mini-ja/vocab.txt";

  private Vocabularies() {}

  /**
   * Reads the words of bunvec-mini-ja: a real vocabulary, so that lengths in tokens are real, too.
   *
   * @return the lines of its vocab.txt
   * @throws IOException if they cannot be read
   */
  public static List<String> miniJa() throws IOException {
    try (InputStream in = Vocabularies.class.getClassLoader().getResourceAsStream(MINI_JA)) {
      if (in == null) {
        throw new IllegalStateException("no " + MINI_JA + " on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
