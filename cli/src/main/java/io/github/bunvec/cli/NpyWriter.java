package io.github.bunvec.cli;

import io.github.bunvec.engine.Embedding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes a NumPy array of format version 1.0: C order, shape [texts, columns], the type the {@link
 * VectorForm} says.
 *
 * <p>The number of texts is known in the end only, so the header, which has a fixed size, is
 * written again after each flush: the file is valid at any moment. Where the output cannot be
 * written again (a pipe), the array is collected in a temporary file first.
 *
 * <p>Format: NumPy Enhancement Proposal 1; the padding is that of NumPy's own writer since 1.24, so
 * files are equal to NumPy's to the byte.
 */
final class NpyWriter implements EmbeddingWriter {

  private static final int HEADER_BYTES = 128;

  /** NumPy leaves room for the first number of the shape to grow to this many digits. */
  private static final int GROWTH_DIGITS = 21;

  private final ResultStream out;
  private final VectorForm form;
  private final boolean temporary;
  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer rows;
  private long texts;

  NpyWriter(ResultStream out, VectorForm form) throws IOException {
    this.out = out;
    this.form = form;
    Path target = out.file();
    temporary = target == null;
    file = target == null ? Files.createTempFile("bunvec", ".npy") : target;
    channel = FileChannel.open(file, StandardOpenOption.WRITE);
    rows = ByteBuffer.allocate(Math.max(form.bytes(), 1 << 16));
    rows.order(ByteOrder.LITTLE_ENDIAN);
    writeHeader();
  }

  static byte[] header(long texts, VectorForm form) {
    String count = Long.toString(texts);
    String shape =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s, %d), }"
                .formatted(form.numpyType(), count, form.columns())
            + " ".repeat(GROWTH_DIGITS - count.length());
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    header.put((byte) 1).put((byte) 0);
    header.putShort((short) (HEADER_BYTES - header.position() - Short.BYTES));
    header.put(shape.getBytes(StandardCharsets.US_ASCII));
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').array();
  }

  @Override
  public void write(String text, Embedding embedding) throws IOException {
    if (rows.remaining() < form.bytes()) {
      drain();
    }
    form.put(embedding.vector(), rows);
    texts++;
  }

  @Override
  public void flush() throws IOException {
    drain();
    writeHeader();
  }

  @Override
  public void close() throws IOException {
    try (out) {
      try (channel) {
        flush();
      }
      if (temporary) {
        Files.copy(file, out.out());
      }
    } finally {
      if (temporary) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void drain() throws IOException {
    rows.flip();
    long at = HEADER_BYTES + (texts * form.bytes() - rows.remaining());
    write(rows, at);
    rows.clear();
  }

  private void writeHeader() throws IOException {
    write(ByteBuffer.wrap(header(texts, form)), 0);
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw new OutputException(file.toString(), e);
    }
  }
}
