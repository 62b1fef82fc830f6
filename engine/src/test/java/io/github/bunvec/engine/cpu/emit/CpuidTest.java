package io.github.bunvec.engine.cpu.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuidTest {

  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  /** Linux lists a feature only if it keeps the registers for it. */
  @Test
  void findsWhatLinuxLists() throws IOException {
    assumeTrue(Platform.current().unavailableReason().isEmpty(), "not Linux on x86-64");
    assumeTrue(Files.isReadable(CPUINFO), CPUINFO + " cannot be read");
    List<String> flags =
        Files.readAllLines(CPUINFO).stream()
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .map(line -> Arrays.asList(line.split("\\s+", -1)))
            .orElseThrow();
    Cpuid found = Cpuid.detect();
    assertEquals(flags.containsAll(List.of("avx2", "fma")), found.avx2(), "AVX2 and FMA");
    boolean avx512 = flags.containsAll(List.of("avx512f", "avx512bw", "avx512vl"));
    assertEquals(avx512, found.avx512(), "AVX-512");
    assertEquals(avx512 && flags.contains("avx512_bf16"), found.dotProduct(), "AVX512_BF16");
    assertEquals(flags.containsAll(List.of("amx_tile", "amx_bf16")), found.tiles(), "AMX");
  }

  @Test
  void saysWhyThereIsNone() {
    assertTrue(
        new Platform("Mac OS X", "aarch64", true)
            .unavailableReason()
            .orElseThrow()
            .contains("Mac OS X on aarch64"));
    assertTrue(
        new Platform("Linux", "amd64", false)
            .unavailableReason()
            .orElseThrow()
            .contains("--enable-native-access=io.github.bunvec.engine"));
    assertTrue(new Platform("Linux", "amd64", true).unavailableReason().isEmpty());
  }
}
