package io.github.bunvec.kernels.cuda.emulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.cuda.global.cudart;

/**
 * Builds and loads libraries of the names that JavaCPP's are linked with, once a process. The
 * dynamic linker takes what is loaded already for a library of that name, wherever others are.
 */
final class StandInLibraries {

  private static final Path DRIVER = Path.of("src/test/cpp/driver");

  private static final List<String> OPTIONS =
      List.of(
          "-std=c++17",
          "-O2",
          "-ftree-vectorize",
          "-march=native",
          "-ffp-contract=off",
          "-fno-strict-aliasing",
          "-fPIC");

  private static final List<String> CUDA =
      List.of("context", "controls", "emulator", "launch", "memory", "state", "stream");
  private static final List<String> CUBLAS_LT = List.of("descriptors", "matmul", "product");

  private static final Object LOCK = new Object();
  private static boolean loaded;

  private StandInLibraries() {}

  /**
   * Loads them if they are not yet.
   *
   * @throws IOException if there is no g++
   * @throws IllegalStateException if JavaCPP has loaded its own before, or tried to
   */
  @SuppressWarnings("restricted") // tests allow native access
  static void load() throws IOException {
    synchronized (LOCK) {
      if (loaded) {
        return;
      }
      if (Files.readString(Path.of("/proc/self/maps")).contains("libjnicudart")) {
        throw new IllegalStateException(
            "this process has loaded a CUDA driver already; run tests of the stand-in in one of their own");
      }
      Path folder = Files.createTempDirectory("bunvec-driver");
      folder.toFile().deleteOnExit();
      List<String> objects = new CppCompiler(folder, OPTIONS).compile(sources());
      List<String> cuda = objects.subList(0, CUDA.size());
      List<String> cublasLt = new ArrayList<>(objects.subList(CUDA.size(), objects.size()));
      cublasLt.addAll(List.of("-L" + folder, "-l:libcuda.so.1"));
      for (Path library :
          List.of(
              link(folder, "libcuda.so.1", cuda),
              link(folder, "libcudart.so.13", List.of()),
              link(folder, "libcublas.so.13", List.of()),
              link(folder, "libcublasLt.so.13", cublasLt))) {
        System.load(library.toAbsolutePath().toString());
      }
      try {
        cudart.cuInit(0); // fails, but loads JavaCPP's
      } catch (LinkageError e) {
        throw new IllegalStateException(
            "JavaCPP has looked for a CUDA driver before; run tests of the stand-in in a process of their own",
            e);
      }
      loaded = true;
    }
  }

  private static List<Path> sources() {
    return Stream.of(CUDA, CUBLAS_LT)
        .flatMap(List::stream)
        .map(name -> DRIVER.resolve(name + ".cpp"))
        .toList();
  }

  /** NVIDIA's libraries but the driver name their symbols' version like themselves. */
  private static Path link(Path folder, String name, List<String> inputs) throws IOException {
    Path library = folder.resolve(name);
    library.toFile().deleteOnExit();
    List<String> command = new ArrayList<>(List.of("-shared", "-Wl,-soname," + name));
    if (!name.startsWith("libcuda.")) {
      Path versions = Files.writeString(folder.resolve(name + ".map"), name + " { *; };\n");
      versions.toFile().deleteOnExit();
      command.add("-Wl,--version-script=" + versions);
    }
    command.addAll(inputs);
    command.addAll(List.of("-o", library.toString()));
    CppCompiler.run(command);
    return library;
  }
}
