package io.github.bunvec.kernels.cuda.nvrtc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A file of the cache, big-endian:
 *
 * <pre>
 *   8 bytes   {@link #FORMAT}
 *   32 bytes  {@link CubinKey#hash}
 *   32 bytes  SHA-256 of the cubin
 *   8 bytes   length of the cubin
 *             the cubin
 * </pre>
 */
final class CubinFile {

  /** Changes with this layout. */
  static final String FORMAT = "BVCUBIN1";

  private static final int HASH = 32;
  private static final int HEADER = FORMAT.length() + 2 * HASH + Long.BYTES;

  /** A file is not what it should be. */
  static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1;

    DamagedException(String message) {
      super(message);
    }
  }

  private CubinFile() {}

  /** Returns the bytes of a file. */
  static byte[] encode(CubinKey key, byte[] cubin) {
    return ByteBuffer.allocate(HEADER + cubin.length)
        .put(FORMAT.getBytes(StandardCharsets.US_ASCII))
        .put(key.hash())
        .put(CubinKey.sha256().digest(cubin))
        .putLong(cubin.length)
        .put(cubin)
        .array();
  }

  /**
   * Returns the cubin of a file.
   *
   * @throws DamagedException that says how it differs from what was written
   */
  static byte[] decode(CubinKey key, byte[] file) throws DamagedException {
    if (file.length < HEADER) {
      throw new DamagedException("it has " + file.length + " bytes, its header alone " + HEADER);
    }
    ByteBuffer in = ByteBuffer.wrap(file);
    if (!new String(take(in, FORMAT.length()), StandardCharsets.US_ASCII).equals(FORMAT)) {
      throw new DamagedException("it does not begin with " + FORMAT);
    }
    if (!Arrays.equals(take(in, HASH), key.hash())) {
      throw new DamagedException("it is of another source, GPU or compiler than its name says");
    }
    byte[] hash = take(in, HASH);
    long length = in.getLong();
    if (length != in.remaining()) {
      throw new DamagedException(
          "its cubin has " + in.remaining() + " bytes, its header says " + length);
    }
    byte[] cubin = take(in, in.remaining());
    if (!Arrays.equals(CubinKey.sha256().digest(cubin), hash)) {
      throw new DamagedException("its cubin differs from the checksum in its header");
    }
    return cubin;
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
