package io.github.bunvec.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The regular files of a tar archive, one after the other.
 *
 * <p>Format (POSIX ustar): blocks of 512 bytes; a header block has the name at 0 (100 bytes), the
 * size at 124 (12 bytes, octal), the checksum at 148 (8 bytes, octal, over the block with blanks in
 * its place), the type at 156 and a prefix of the name at 345 (155 bytes); then the content, filled
 * up to whole blocks. Two blocks of zeros end it. Other types of entries, among them those with
 * names of more than 255 bytes, are skipped.
 */
final class TarReader {

  private static final int BLOCK = 512;

  /** Visits a file; what it does not read is skipped. */
  interface Visitor {
    void visit(String name, InputStream content) throws IOException;
  }

  private TarReader() {}

  /**
   * Reads an archive to its end.
   *
   * @throws IOException if it is no tar archive, is cut, or the visitor fails
   */
  static void read(InputStream in, Visitor visitor) throws IOException {
    while (true) {
      byte[] header = in.readNBytes(BLOCK);
      if (header.length != BLOCK) {
        throw new EOFException("the tar archive ends in the middle of a header");
      }
      if (isZero(header)) {
        return;
      }
      checkSum(header);
      long size = octal(header, 124, 12);
      byte type = header[156];
      Content content = new Content(in, size);
      if (type == '0' || type == 0) {
        String prefix = ustar(header) ? text(header, 345, 155) : "";
        String name = text(header, 0, 100);
        visitor.visit(prefix.isEmpty() ? name : prefix + "/" + name, content);
      }
      content.finish();
      in.skipNBytes(-size & (BLOCK - 1));
    }
  }

  private static boolean ustar(byte[] header) {
    return text(header, 257, 5).equals("ustar");
  }

  private static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static void checkSum(byte[] header) throws IOException {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xFF;
    }
    if (sum != octal(header, 148, 8)) {
      throw new IOException("not a tar archive: a header's checksum is wrong");
    }
  }

  private static String text(byte[] header, int offset, int length) {
    int end = offset;
    while (end < offset + length && header[end] != 0) {
      end++;
    }
    return new String(header, offset, end - offset, StandardCharsets.UTF_8);
  }

  private static long octal(byte[] header, int offset, int length) throws IOException {
    String digits = text(header, offset, length).strip();
    if (!digits.matches("[0-7]{1,12}")) {
      throw new IOException("not a tar archive: a header has '" + digits + "' for a number");
    }
    return Long.parseLong(digits, 8);
  }

  /** The bytes of one entry. */
  private static final class Content extends InputStream {
    private final InputStream in;
    private long left;

    Content(InputStream in, long size) {
      this.in = in;
      left = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(bytes, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new EOFException("the tar archive ends in the middle of a file");
      }
      left -= count;
      return count;
    }

    void finish() throws IOException {
      in.skipNBytes(left);
      left = 0;
    }
  }
}
