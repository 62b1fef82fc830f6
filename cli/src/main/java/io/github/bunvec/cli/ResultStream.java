package io.github.bunvec.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where results go, as bytes and as lines of UTF-8.
 *
 * @param file the regular file behind it, if there is one
 */
record ResultStream(OutputStream out, @Nullable Path file, boolean owned) implements AutoCloseable {

  static ResultStream standardOutput(OutputStream out) {
    return new ResultStream(out, null, false);
  }

  /** Opens a file; what was in it is gone. */
  static ResultStream file(Path file) throws IOException {
    OutputStream out =
        new NamedOutput(
            new BufferedOutputStream(Files.newOutputStream(file), 1 << 16), file.toString());
    return new ResultStream(out, Files.isRegularFile(file) ? file : null, true);
  }

  void line(String line) throws IOException {
    // An unpaired surrogate becomes "?" here; JSON lines have escapes in its place.
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    if (owned) {
      out.close();
    } else {
      out.flush();
    }
  }
}
