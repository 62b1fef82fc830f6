package io.github.bunvec.kernels.cuda.emulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Builds the program that runs all kernels on the CPU, once a process. */
final class EmulatorProgram {

  private static final Path KERNELS = Path.of("src/main/resources/io/github/bunvec/kernels/cuda");
  private static final Path CPP = Path.of("src/test/cpp");

  private static final List<String> OPTIONS =
      List.of(
          "-std=c++17",
          "-O1",
          "-march=native",
          "-ffp-contract=off",
          "-fno-strict-aliasing",
          "-Wno-unknown-pragmas",
          "-I" + KERNELS,
          "-I" + CPP);

  private static final Pattern ENTRY =
      Pattern.compile(
          "(?m)^extern \"C\" __global__ void __launch_bounds__\\([^)]*\\)\\s+(\\w+)\\(");

  /** The widths that attention.cu's macro makes entries for. */
  private static final Pattern ENTRIES = Pattern.compile("(?m)^ENTRIES\\((\\d+),");

  private static final Object LOCK = new Object();
  private static String built = "";

  private EmulatorProgram() {}

  /**
   * Returns the program, built if it was not yet.
   *
   * @throws IOException if there is no g++
   */
  static Path get() throws IOException {
    synchronized (LOCK) {
      if (built.isEmpty()) {
        Path folder = Files.createTempDirectory("bunvec-gpu");
        folder.toFile().deleteOnExit();
        built = build(folder).toString();
      }
      return Path.of(built);
    }
  }

  private static Path build(Path folder) throws IOException {
    List<Path> sources = new ArrayList<>();
    for (Path kernel : kernels()) {
      String name = kernel.getFileName().toString().replace(".cu", "");
      Path unit = folder.resolve(name + ".cpp");
      Files.writeString(unit, unit(name, entries(Files.readString(kernel))));
      unit.toFile().deleteOnExit();
      sources.add(unit);
    }
    sources.add(CPP.resolve("gpu/gpu.cpp"));
    sources.add(CPP.resolve("cuda_on_cpu.cpp"));
    List<String> link = new ArrayList<>(new CppCompiler(folder, OPTIONS).compile(sources));
    Path program = folder.resolve("gpu");
    program.toFile().deleteOnExit();
    link.addAll(List.of("-o", program.toString()));
    CppCompiler.run(link);
    return program;
  }

  private static List<Path> kernels() {
    try (Stream<Path> files = Files.list(KERNELS)) {
      return files.filter(file -> file.toString().endsWith(".cu")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the host may call of a kernel file. */
  static List<String> entries(String source) {
    Stream<String> written = ENTRY.matcher(source).results().map(m -> m.group(1));
    Stream<String> widths =
        ENTRIES
            .matcher(source)
            .results()
            .map((MatchResult m) -> m.group(1))
            .flatMap(
                width ->
                    Stream.of(
                        "attention_" + width + "_f32",
                        "attention_" + width + "_bf16",
                        "attention_first_" + width + "_f32",
                        "attention_first_" + width + "_bf16_f32"));
    return Stream.concat(written, widths).toList();
  }

  private static String unit(String name, List<String> entries) {
    StringBuilder unit = new StringBuilder("#include \"gpu/entries.h\"\nnamespace {\n");
    unit.append("#include \"common.cuh\"\n#include \"").append(name).append(".cu\"\n");
    unit.append("}\n");
    for (String entry : entries) {
      unit.append(
          "[[maybe_unused]] static bool added_%s = gpu::add(\"%s\", \"%s\", %s);%n"
              .formatted(entry, name, entry, entry));
    }
    return unit.toString();
  }
}
