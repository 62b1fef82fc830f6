package io.github.bunvec.engine.cpu;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The processors this JVM may use. */
final class Processors {

  private static final Path LINUX = Path.of("/sys/devices/system/cpu");

  private Processors() {}

  /**
   * Returns the number of physical cores, at most the number of processors the JVM may use.
   *
   * <p>Two hardware threads of a core share its FMA units, which the kernels keep busy alone. Linux
   * tells which threads share a core; elsewhere, and where it does not tell, each processor counts
   * as a core.
   */
  static int physical() {
    int available = Runtime.getRuntime().availableProcessors();
    Set<String> cores = new HashSet<>();
    try (DirectoryStream<Path> cpus = Files.newDirectoryStream(LINUX, "cpu[0-9]*")) {
      for (Path cpu : cpus) {
        Path siblings = cpu.resolve("topology/thread_siblings_list");
        if (Files.isReadable(siblings)) {
          cores.add(Files.readString(siblings).strip());
        }
      }
    } catch (IOException e) {
      return available;
    }
    return cores.isEmpty() ? available : Math.min(cores.size(), available);
  }
}
