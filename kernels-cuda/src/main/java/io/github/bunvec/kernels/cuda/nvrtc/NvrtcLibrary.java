package io.github.bunvec.kernels.cuda.nvrtc;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Looks for the file of NVRTC.
 *
 * <p>The folder that {@value #VARIABLE} names is the only one looked in where it is set; otherwise
 * the first one wins of LD_LIBRARY_PATH, CUDA_HOME, CUDA_PATH, and where toolkits and distributions
 * put it.
 *
 * @param environment the environment variables
 * @param root the root of the file system
 */
record NvrtcLibrary(Map<String, String> environment, Path root) {

  /** Names the folder of NVRTC. */
  static final String VARIABLE = "BUNVEC_NVRTC";

  private static final String REMEDY =
      "install the CUDA toolkit, or NVRTC alone by 'python3 -m pip install --no-deps --target DIR"
          + " nvidia-cuda-nvrtc', and set "
          + VARIABLE
          + " to its folder";

  /** A file's name is its soname: 13 before 12. */
  private static final List<String> NAMES = List.of("libnvrtc.so.13", "libnvrtc.so.12");

  /** Below a folder that is named: a toolkit's, PyPI's of 13, PyPI's of 12. */
  private static final List<String> BELOW =
      List.of("", "lib64", "lib", "nvidia/cu13/lib", "nvidia/cuda_nvrtc/lib");

  private static final Pattern TOOLKIT = Pattern.compile("cuda-(\\d+)(?:\\.(\\d+))?");

  /**
   * Returns the file.
   *
   * @throws NvrtcException that says where it was looked for
   */
  Path find() {
    String named = environment.getOrDefault(VARIABLE, "");
    if (!named.isEmpty()) {
      return findBelow(named);
    }
    List<Path> folders = usualFolders();
    return first(folders)
        .orElseThrow(
            () ->
                new NvrtcException(
                    "NVRTC is missing: there is no %s in %s; %s"
                        .formatted(names(), list(folders), REMEDY)));
  }

  private Path findBelow(String named) {
    Path folder = path(VARIABLE, named);
    List<Path> folders = BELOW.stream().map(folder::resolve).toList();
    return first(folders)
        .orElseThrow(
            () ->
                new NvrtcException(
                    "%s is '%s', but there is no %s in %s; name the folder that has it"
                        .formatted(VARIABLE, named, names(), list(folders))));
  }

  private List<Path> usualFolders() {
    List<Path> folders = new ArrayList<>();
    for (String entry : environment.getOrDefault("LD_LIBRARY_PATH", "").split(":", -1)) {
      if (!entry.isEmpty()) {
        folders.add(path("LD_LIBRARY_PATH", entry));
      }
    }
    for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
      String home = environment.getOrDefault(variable, "");
      if (!home.isEmpty()) {
        folders.add(path(variable, home).resolve("lib64"));
      }
    }
    folders.add(root.resolve("usr/local/cuda/lib64"));
    folders.addAll(toolkits());
    for (String folder :
        List.of(
            "opt/cuda/lib64",
            "usr/lib/x86_64-linux-gnu",
            "usr/lib/aarch64-linux-gnu",
            "usr/lib64",
            "usr/lib")) {
      folders.add(root.resolve(folder));
    }
    return folders;
  }

  /** Toolkits beside /usr/local/cuda, the newest first. */
  private List<Path> toolkits() {
    List<Path> found = new ArrayList<>();
    Path local = root.resolve("usr/local");
    if (Files.isDirectory(local)) {
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(local, "cuda-*")) {
        folders.forEach(found::add);
      } catch (IOException | DirectoryIteratorException e) {
        throw new NvrtcException("cannot look for NVRTC in " + local, e);
      }
    }
    found.sort(Comparator.comparingInt(NvrtcLibrary::version).reversed());
    return found.stream().map(folder -> folder.resolve("lib64")).toList();
  }

  private static int version(Path toolkit) {
    Matcher matcher = TOOLKIT.matcher(String.valueOf(toolkit.getFileName()));
    if (!matcher.matches()) {
      return 0;
    }
    String minor = Optional.ofNullable(matcher.group(2)).orElse("0");
    try {
      return 1000 * Integer.parseInt(matcher.group(1)) + Integer.parseInt(minor);
    } catch (NumberFormatException e) {
      return 0; // no version has as many digits
    }
  }

  private static Path path(String variable, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new NvrtcException(variable + " has '" + text + "', which is no path", e);
    }
  }

  private static Optional<Path> first(List<Path> folders) {
    return folders.stream()
        .flatMap(folder -> NAMES.stream().map(folder::resolve))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static String names() {
    return String.join(" or ", NAMES);
  }

  private static String list(List<Path> folders) {
    return folders.stream().map(Path::toString).distinct().collect(Collectors.joining(", "));
  }
}
