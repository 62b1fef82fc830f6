package io.github.bunvec.kernels.cuda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether an NVIDIA GPU with its driver is here, told by files alone: no native code is loaded.
 *
 * @param system the operating system's name
 * @param root the root of the file system
 */
record NvidiaDriver(String system, Path root) {

  static NvidiaDriver ofThisMachine() {
    return new NvidiaDriver(System.getProperty("os.name"), Path.of("/"));
  }

  /** Returns what is missing, or nothing. */
  Optional<String> missing() {
    if (!system.toLowerCase(Locale.ROOT).equals("linux")) {
      return Optional.of("CUDA needs Linux, this is " + system + "; use the backend cpu");
    }
    // The driver's kernel module makes both: the directory names its version, the device is how
    // programs reach it. A container without GPU access has neither.
    if (!Files.isDirectory(root.resolve("proc/driver/nvidia"))) {
      return Optional.of(
          "no NVIDIA driver is loaded (/proc/driver/nvidia does not exist);"
              + " install it, or use the backend cpu");
    }
    if (!Files.exists(root.resolve("dev/nvidiactl"))) {
      return Optional.of(
          "the NVIDIA driver is loaded, but /dev/nvidiactl does not exist;"
              + " give the container access to the GPU, or use the backend cpu");
    }
    return Optional.empty();
  }
}
