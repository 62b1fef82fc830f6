package io.github.bunvec.kernels.cuda.nvrtc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What machine code depends on, as the cache knows it.
 *
 * @param kernel the source's name
 * @param architecture which GPU for
 * @param hash SHA-256 over all of it and over the format of the cache's files
 */
record CubinKey(String kernel, Architecture architecture, byte[] hash) {

  /**
   * Returns the key of a compilation.
   *
   * @param source the whole of it, shared part included
   * @param architecture which GPU for
   * @param options how it is compiled
   * @param compiler {@link Nvrtc#identity}
   */
  static CubinKey of(
      KernelSource source, Architecture architecture, List<String> options, String compiler) {
    MessageDigest digest = sha256();
    add(digest, CubinFile.FORMAT);
    add(digest, source.name());
    add(digest, source.text());
    add(digest, architecture.toString());
    add(digest, String.join("\n", options));
    add(digest, compiler);
    return new CubinKey(source.name(), architecture, digest.digest());
  }

  /** Returns the file's name; half of the hash, since the whole stands in the file. */
  String fileName() {
    return "%s-%s-%s.cubin".formatted(kernel, architecture, HexFormat.of().formatHex(hash, 0, 16));
  }

  /** A text behind its length, so that no two keys run together into one. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
