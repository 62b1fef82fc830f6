package io.github.bunvec.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of strict UTF-8.
 *
 * <p>A line ends at "\n" and nowhere else; one "\r" directly before it belongs to the end. The last
 * line may lack its end. Every other character stays in the line.
 */
final class LineReader implements AutoCloseable {

  private final InputStream in;
  private final String name;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private byte[] buffer = new byte[1 << 16];
  private int start;
  private int end;
  private long bytesRead;
  private long lines;

  LineReader(InputStream in, String name) {
    this.in = in;
    this.name = name;
  }

  /** Returns the number of the line read last, from 1. */
  long line() {
    return lines;
  }

  long bytesRead() {
    return bytesRead;
  }

  /** Returns whether {@link #next} has something to read without waiting for it. */
  boolean ready() throws IOException {
    for (int i = start; i < end; i++) {
      if (buffer[i] == '\n') {
        return true;
      }
    }
    return in.available() > 0;
  }

  /** Returns the next line without its end, or null after the last. */
  @Nullable String next() throws IOException {
    int scanned = start;
    while (true) {
      for (int i = scanned; i < end; i++) {
        if (buffer[i] == '\n') {
          int length = i > start && buffer[i - 1] == '\r' ? i - 1 - start : i - start;
          return decode(length, i + 1);
        }
      }
      int unfinished = end - start;
      if (!fill()) {
        return unfinished == 0 ? null : decode(unfinished, end);
      }
      scanned = start + unfinished;
    }
  }

  /** Reads more behind what is there; false at the end of the input. */
  private boolean fill() throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    if (end == buffer.length) {
      if (end > Integer.MAX_VALUE / 2 - 8) {
        throw CommandException.badInput(
            "%s: line %d is longer than 1 GiB; is it a text file?".formatted(name, lines + 1));
      }
      buffer = Arrays.copyOf(buffer, 2 * end);
    }
    int count;
    try {
      count = in.read(buffer, end, buffer.length - end);
    } catch (IOException e) {
      throw new IOException(name + ": " + e.getMessage(), e);
    }
    if (count < 0) {
      return false;
    }
    end += count;
    bytesRead += count;
    return true;
  }

  private String decode(int length, int next) {
    lines++;
    ByteBuffer bytes = ByteBuffer.wrap(buffer, start, length);
    CharBuffer chars = CharBuffer.allocate(length);
    CoderResult result = decoder.reset().decode(bytes, chars, true);
    if (result.isError()) {
      throw CommandException.badInput(
          "%s: line %d is not UTF-8: byte %d of the line is 0x%02x; convert the file to UTF-8"
              .formatted(name, lines, bytes.position() - start + 1, bytes.get(bytes.position())));
    }
    start = next;
    return chars.flip().toString();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
