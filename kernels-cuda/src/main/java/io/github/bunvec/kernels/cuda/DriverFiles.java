package io.github.bunvec.kernels.cuda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether an NVIDIA GPU with its driver may be here, told by files alone: on a machine without, no
 * native code is loaded.
 *
 * @param system the operating system's name
 * @param architecture the processor's
 * @param root the root of the file system
 */
record DriverFiles(String system, String architecture, Path root) {

  static DriverFiles ofThisMachine() {
    return new DriverFiles(
        System.getProperty("os.name"), System.getProperty("os.arch"), Path.of("/"));
  }

  /** Returns what is missing, or nothing. */
  Optional<String> missing() {
    if (!system.toLowerCase(Locale.ROOT).equals("linux") || !architecture.equals("amd64")) {
      return Optional.of(
          "CUDA needs Linux on x86-64, this is %s on %s".formatted(system, architecture));
    }
    // How programs reach the driver: the first on Linux, the second under Windows' Linux. A
    // container
    // without GPU access has neither, but sees the kernel module's folder.
    if (exists("dev/nvidiactl") || exists("dev/dxg")) {
      return Optional.empty();
    }
    return Optional.of(
        exists("proc/driver/nvidia")
            ? "the NVIDIA driver is loaded, but /dev/nvidiactl does not exist; give the container access to the GPU"
            : "no NVIDIA driver is loaded (/dev/nvidiactl does not exist); install it");
  }

  private boolean exists(String path) {
    return Files.exists(root.resolve(path));
  }
}
