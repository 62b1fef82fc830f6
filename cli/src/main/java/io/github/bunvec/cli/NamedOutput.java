package io.github.bunvec.cli;

import java.io.IOException;
import java.io.OutputStream;

/** An output whose failures say which it is. */
final class NamedOutput extends OutputStream {

  private final OutputStream out;
  private final String name;

  NamedOutput(OutputStream out, String name) {
    this.out = out;
    this.name = name;
  }

  @Override
  public void write(int b) throws IOException {
    try {
      out.write(b);
    } catch (IOException e) {
      throw new OutputException(name, e);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw new OutputException(name, e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw new OutputException(name, e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException e) {
      throw new OutputException(name, e);
    }
  }
}
