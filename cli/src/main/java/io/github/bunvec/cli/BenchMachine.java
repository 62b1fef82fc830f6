package io.github.bunvec.cli;

import io.github.bunvec.engine.cpu.kernel.VectorWidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code bench} ran on.
 *
 * @param cpu the processor's name as the system tells it
 * @param processors how many processors this JVM may use
 * @param vectorBits how wide the kernels' vectors are
 * @param instructionSets those that matter to such work and are there, by Linux's names
 * @param java version of the JVM
 */
record BenchMachine(
    String cpu, int processors, int vectorBits, List<String> instructionSets, String java) {

  private static final Set<String> OF_INTEREST =
      Set.of(
          "avx2",
          "fma",
          "avx512f",
          "avx_vnni",
          "avx512_vnni",
          "avx512_bf16",
          "avx512_fp16",
          "amx_tile",
          "amx_bf16",
          "amx_int8",
          "asimd",
          "asimdhp",
          "bf16",
          "i8mm",
          "sve",
          "sve2");

  static BenchMachine here() {
    Map<String, String> cpu = cpuInfo(Path.of("/proc/cpuinfo"));
    String arch = System.getProperty("os.arch");
    String flags = cpu.getOrDefault("flags", cpu.getOrDefault("Features", ""));
    return new BenchMachine(
        cpu.getOrDefault("model name", arch),
        Runtime.getRuntime().availableProcessors(),
        VectorWidth.bits(),
        Arrays.stream(flags.split(" ")).filter(OF_INTEREST::contains).sorted().toList(),
        Runtime.version().toString());
  }

  /** The fields of the first processor; none where there is no such file. */
  static Map<String, String> cpuInfo(Path file) {
    Map<String, String> fields = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(file)) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          fields.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }
      }
    } catch (IOException e) {
      return Map.of();
    }
    return fields;
  }
}
