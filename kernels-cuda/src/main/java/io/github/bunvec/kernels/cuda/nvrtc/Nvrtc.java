package io.github.bunvec.kernels.cuda.nvrtc;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** NVIDIA's runtime compiler, loaded. Safe for concurrent use [NVRTC manual, thread safety]. */
final class Nvrtc {

  /**
   * How all kernels are compiled: products and sums fused where the source says so and nowhere else
   * (common.cuh).
   */
  static final List<String> OPTIONS = List.of("--std=c++17", "--fmad=false");

  /**
   * What came of a source.
   *
   * @param cubin machine code in an ELF file, as the driver loads it
   * @param log what the compiler remarked, empty as a rule
   */
  record Compilation(byte[] cubin, String log) {}

  private final Path file;
  private final NvrtcFunctions functions;
  private final String version;
  private final String identity;
  private final int[] architectures;

  /**
   * Loads a library.
   *
   * @param file of NVRTC 12 or 13
   * @throws NvrtcException if it cannot be loaded
   */
  Nvrtc(Path file) {
    this.file = file;
    this.functions = new NvrtcFunctions(file);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pair = arena.allocate(ValueLayout.JAVA_INT, 2);
      functions.require("nvrtcVersion", pair.address(), pair.address() + Integer.BYTES);
      int[] numbers = pair.toArray(ValueLayout.JAVA_INT);
      this.version = numbers[0] + "." + numbers[1];
      this.identity = "NVRTC " + version + ", " + length(file) + " bytes";
      functions.require("nvrtcGetNumSupportedArchs", pair.address());
      MemorySegment all = arena.allocate(ValueLayout.JAVA_INT, pair.get(ValueLayout.JAVA_INT, 0));
      functions.require("nvrtcGetSupportedArchs", all.address());
      this.architectures = all.toArray(ValueLayout.JAVA_INT);
    }
  }

  /**
   * Returns what tells this compiler from others that may make other code: version and length of
   * its file, because builds of one version differ in a number that NVRTC does not tell.
   */
  String identity() {
    return identity;
  }

  private static long length(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new NvrtcException("cannot read the length of " + file, e);
    }
  }

  /**
   * Compiles a source to machine code.
   *
   * @param source what to compile
   * @param architecture which GPU for
   * @param further options beside {@link #OPTIONS}
   * @return the machine code
   * @throws NvrtcException with the compiler's log if it refuses
   */
  Compilation compile(KernelSource source, Architecture architecture, String... further) {
    if (Arrays.stream(architectures).noneMatch(known -> known == architecture.number())) {
      throw new NvrtcException(
          "%s compiles for %s, not for %s; install the one of a CUDA version that supports this GPU"
              .formatted(
                  this,
                  Arrays.stream(architectures)
                      .mapToObj(known -> "sm_" + known)
                      .collect(Collectors.joining(", ")),
                  architecture));
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment program = arena.allocate(ValueLayout.ADDRESS);
      functions.require(
          "nvrtcCreateProgram",
          program.address(),
          arena.allocateFrom(source.text()).address(),
          arena.allocateFrom(source.name() + ".cu").address());
      try {
        long handle = program.get(ValueLayout.JAVA_LONG, 0);
        return compile(arena, handle, source.name(), architecture, further);
      } finally {
        functions.require("nvrtcDestroyProgram", program.address());
      }
    }
  }

  private Compilation compile(
      Arena arena, long program, String name, Architecture architecture, String... further) {
    List<String> options = new ArrayList<>(OPTIONS);
    options.add("--gpu-architecture=" + architecture);
    options.addAll(List.of(further));
    MemorySegment pointers = arena.allocate(ValueLayout.JAVA_LONG, options.size());
    for (int i = 0; i < options.size(); i++) {
      pointers.setAtIndex(ValueLayout.JAVA_LONG, i, arena.allocateFrom(options.get(i)).address());
    }
    int result = functions.call("nvrtcCompileProgram", program, options.size(), pointers.address());
    MemorySegment text = bytes(arena, program, "nvrtcGetProgramLog");
    String log = text.byteSize() == 0 ? "" : text.getString(0).strip();
    if (result != NvrtcFunctions.SUCCESS) {
      throw new NvrtcException(
          "%s does not compile %s.cu for %s: %s%n%s"
              .formatted(this, name, architecture, functions.nameOf(result), log));
    }
    MemorySegment cubin = bytes(arena, program, "nvrtcGetCUBIN");
    return new Compilation(cubin.toArray(ValueLayout.JAVA_BYTE), log);
  }

  /** Returns what a getter gives, which has a twin for the size. */
  private MemorySegment bytes(Arena arena, long program, String getter) {
    MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
    functions.require(getter + "Size", program, size.address());
    MemorySegment bytes = arena.allocate(size.get(ValueLayout.JAVA_LONG, 0));
    functions.require(getter, program, bytes.address());
    return bytes;
  }

  /** Returns for example {@code NVRTC 13.1 (/usr/local/cuda/lib64/libnvrtc.so.13)}. */
  @Override
  public String toString() {
    return "NVRTC " + version + " (" + file + ")";
  }
}
