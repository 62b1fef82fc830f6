package io.github.bunvec.cli;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a NumPy array of float16, float32 or float64, [rows, columns], row by row. */
final class NpyReader implements AutoCloseable {

  private final Path file;
  private final DataInputStream in;
  private final NpyHeader header;
  private final ByteBuffer row;
  private long rowsRead;

  private NpyReader(Path file, DataInputStream in) throws IOException {
    this.file = file;
    this.in = in;
    header = NpyHeader.read(in, this::wrong);
    requireSize();
    row =
        ByteBuffer.allocate(header.columns() * header.elementBytes())
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  static NpyReader open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw CommandException.badInput(file + ": is a directory, expected a .npy file");
    }
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
    try {
      return new NpyReader(file, in);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  long rows() {
    return header.rows();
  }

  int columns() {
    return header.columns();
  }

  /**
   * Returns the next row; there are {@link #rows} of them.
   *
   * @throws CommandException if a value is not finite or the file ends
   */
  double[] next() throws IOException {
    try {
      in.readFully(row.array());
    } catch (EOFException e) {
      throw wrong("ends within row " + (rowsRead + 1));
    }
    double[] values = new double[header.columns()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (header.elementBytes()) {
            case Double.BYTES -> row.getDouble(i * Double.BYTES);
            case Float.BYTES -> row.getFloat(i * Float.BYTES);
            default -> Float.float16ToFloat(row.getShort(i * Short.BYTES));
          };
      if (!Double.isFinite(values[i])) {
        throw wrong(
            "row %d has the value %s in column %d, expected numbers"
                .formatted(rowsRead + 1, values[i], i + 1));
      }
    }
    rowsRead++;
    return values;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void requireSize() throws IOException {
    long expected =
        header.bytes() + header.rows() * header.columns() * (long) header.elementBytes();
    if (Files.isRegularFile(file) && Files.size(file) != expected) {
      throw wrong(
          "has %d bytes, its header says %d: %d rows of %d values of %d bytes"
              .formatted(
                  Files.size(file),
                  expected,
                  header.rows(),
                  header.columns(),
                  header.elementBytes()));
    }
  }

  private CommandException wrong(String what) {
    return CommandException.badInput(file + ": " + what);
  }
}
