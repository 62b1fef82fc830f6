package io.github.bunvec.kernels.cuda.nvrtc;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The kernel files of this module, as the build copied them. */
final class CudaFiles {

  private static final Pattern ENTRY =
      Pattern.compile(
          "extern \"C\" __global__ void\\s+(?:__launch_bounds__\\([^)]*\\)\\s*)?(\\w+)\\(");

  private CudaFiles() {}

  /** Returns the names of all of them, without {@code .cu}. */
  static List<String> names() throws IOException, URISyntaxException {
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".cu"))
          .map(file -> file.substring(0, file.length() - ".cu".length()))
          .sorted()
          .toList();
    }
  }

  static String read(String file) throws IOException, URISyntaxException {
    return Files.readString(folder().resolve(file));
  }

  /** Returns the entry points a file declares. */
  static SortedSet<String> entries(String text) {
    SortedSet<String> entries = new TreeSet<>();
    ENTRY.matcher(text).results().forEach(match -> entries.add(match.group(1)));
    return entries;
  }

  private static Path folder() throws URISyntaxException {
    URL shared = KernelSource.class.getResource("/io/github/bunvec/kernels/cuda/common.cuh");
    return Objects.requireNonNull(Path.of(Objects.requireNonNull(shared).toURI()).getParent());
  }
}
