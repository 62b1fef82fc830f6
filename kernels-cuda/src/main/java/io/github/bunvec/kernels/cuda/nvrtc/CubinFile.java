package io.github.bunvec.kernels.cuda.nvrtc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * A file of the cache, big-endian:
 *
 * <pre>
 *   8 bytes   {@link #FORMAT}
 *   32 bytes  {@link CubinKey#hash}
 *   8 bytes   length of the cubin
 *   8 bytes   CRC-32 of the cubin
 *             the cubin
 * </pre>
 *
 * <p>The checksum is for files that a full disk or a power failure spoiled, not for forged ones.
 */
final class CubinFile {

  /** Changes with this layout. */
  static final String FORMAT = "BVCUBIN1";

  private static final int HASH = 32;
  private static final int HEADER = FORMAT.length() + HASH + 2 * Long.BYTES;

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
        .putLong(cubin.length)
        .putLong(crc(cubin))
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
    long length = in.getLong();
    long crc = in.getLong();
    if (length != in.remaining()) {
      throw new DamagedException(
          "its cubin has " + in.remaining() + " bytes, its header says " + length);
    }
    byte[] cubin = take(in, in.remaining());
    if (crc(cubin) != crc) {
      throw new DamagedException("its cubin differs from the checksum in its header");
    }
    return cubin;
  }

  private static long crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
