package io.github.bunvec.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The classes of a run, parsed and checked, in a file that later runs of the command start from: a
 * dynamic archive of the JVM's class data sharing.
 *
 * <p>The JVM could make one by itself when it ends ({@code -XX:+AutoCreateSharedArchive}). It would
 * do so after a run that failed early, too, and end with exit code 1 where it cannot write.
 */
final class ClassArchive {

  /** Where the launcher wants the archive, named for this distribution and this JDK. */
  private static final String PROPERTY = "bunvec.classes";

  /** An archive has 9 MB; a full disk would end the JVM while it writes. */
  private static final long ROOM = 64 << 20;

  private ClassArchive() {}

  /**
   * Makes the archive where the launcher asked for it, which it does when there is none. It takes
   * about half a second, once; the results are out before. Without one the next run starts slower
   * and asks again, so that a failure is told under BUNVEC_DEBUG only.
   */
  static void make(Console console) {
    String name = System.getProperty(PROPERTY);
    if (name == null) {
      return;
    }
    try {
      console.out().flush();
      Path folder = Path.of(name).toAbsolutePath().getParent();
      if (folder == null || Files.getFileStore(folder).getUsableSpace() < ROOM) {
        return;
      }
      Path part = Path.of(name + "." + ProcessHandle.current().pid());
      // The JVM says on standard output what it made.
      System.setOut(
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "vmCds",
              new Object[] {new String[] {"dynamic_dump", part.toString()}},
              new String[] {String[].class.getName()});
      // Whole or not at all: another run may be about to read it, or to make it, too.
      Files.move(part, Path.of(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | JMException | RuntimeException e) {
      if (console.debug()) {
        console.err().println("bunvec: no archive of classes: " + e);
      }
    }
  }
}
