package io.github.bunvec.kernels.cuda.nvrtc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What machine code depends on.
 *
 * @param source the whole of it, shared part included
 * @param architecture which GPU for
 * @param options how it is compiled
 * @param compiler {@link Nvrtc#identity}
 */
record CubinKey(
    KernelSource source, Architecture architecture, List<String> options, String compiler) {

  /** SHA-256 over all parts and over the format of the cache's files. */
  byte[] hash() {
    MessageDigest digest = sha256();
    add(digest, CubinFile.FORMAT);
    add(digest, source.name());
    add(digest, source.text());
    add(digest, architecture.toString());
    add(digest, String.join("\n", options));
    add(digest, compiler);
    return digest.digest();
  }

  /** Returns the file's name; half of the hash, since the whole stands in the file. */
  String fileName() {
    return "%s-%s-%s.cubin"
        .formatted(source.name(), architecture, HexFormat.of().formatHex(hash(), 0, 16));
  }

  /** A text behind its length, so that no two keys run together into one. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
