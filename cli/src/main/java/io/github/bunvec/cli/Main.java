package io.github.bunvec.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.nio.charset.StandardCharsets;

/**
 * Starts the command line.
 *
 * <p>The launcher tells by system properties what a JVM cannot see: {@code bunvec.stderr} is the
 * number of the file descriptor that stands for the user's standard error (the JVM's own is kept
 * for its remark on incubator modules, which says nothing to a user), {@code bunvec.terminal.error}
 * and {@code bunvec.terminal.output} are {@code true} where the stream is a terminal.
 */
public final class Main {

  private Main() {}

  /**
   * Runs one command and ends the JVM with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    BunvecCommand.prepare(arguments);
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
    FileDescriptor descriptor = FileDescriptor.err;
    Integer number = Integer.getInteger("bunvec.stderr");
    if (number != null) {
      try {
        // The launcher opens java.io to this module; there is no other way to a descriptor.
        Constructor<FileDescriptor> constructor =
            FileDescriptor.class.getDeclaredConstructor(int.class);
        constructor.setAccessible(true);
        descriptor = constructor.newInstance(number);
      } catch (ReflectiveOperationException | InaccessibleObjectException e) {
        // Better the JVM's own stream, wherever it leads, than no message at all.
        descriptor = FileDescriptor.err;
      }
    }
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
