package io.github.bunvec.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Starts the command line.
 *
 * <p>The launcher tells by system properties what a JVM cannot see: {@code bunvec.stderr} is a file
 * that stands for the user's standard error (the JVM's own is kept for its remark on incubator
 * modules, which says nothing to a user), {@code bunvec.terminal.error} and {@code
 * bunvec.terminal.output} are {@code true} where the stream is a terminal.
 */
public final class Main {

  private Main() {}

  /**
   * Runs one command and ends the JVM with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    String debug = System.getenv("BUNVEC_DEBUG");
    Console console =
        new Console(
            new FileInputStream(FileDescriptor.in),
            new NamedOutput(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                "standard output"),
            standardError(),
            Boolean.getBoolean("bunvec.terminal.error"),
            Boolean.getBoolean("bunvec.terminal.output"),
            debug != null && !debug.isEmpty());
    System.exit(BunvecCommand.execute(console, arguments));
  }

  private static PrintStream standardError() {
    OutputStream stream = new FileOutputStream(FileDescriptor.err);
    String file = System.getProperty("bunvec.stderr");
    if (file != null) {
      try {
        // Appending: the file may be the log of several programs.
        stream = new FileOutputStream(file, true);
      } catch (IOException e) {
        // Better the JVM's own stream, wherever it leads, than no message at all.
        stream = new FileOutputStream(FileDescriptor.err);
      }
    }
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }
}
