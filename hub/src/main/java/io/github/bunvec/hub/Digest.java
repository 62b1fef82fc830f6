package io.github.bunvec.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The name of a file's content, as git and git-lfs give it. */
final class Digest {

  private Digest() {}

  /**
   * Reads a file and returns its digest in the form of an expected one: SHA-256 where that has 64
   * digits, otherwise git's blob id, the SHA-1 of {@code "blob " + size + "\0"} and the content.
   */
  static String of(Path file, String expected) throws IOException {
    boolean lfs = expected.length() == 64;
    MessageDigest digest = algorithm(lfs ? "SHA-256" : "SHA-1");
    if (!lfs) {
      digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    byte[] buffer = new byte[1 << 18];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count; (count = in.read(buffer)) >= 0; ) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest algorithm(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + name, e);
    }
  }
}
