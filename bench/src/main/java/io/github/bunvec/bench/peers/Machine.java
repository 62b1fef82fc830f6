package io.github.bunvec.bench.peers;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;

/** What figures depend on and a reader must know. */
final class Machine {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final List<String> FLAGS =
      List.of("avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_tile", "amx_bf16");

  private Machine() {}

  /** Describes machine, JVM, peers and command, a line each. */
  static Map<String, String> describe(Set<Runtimes> runtimes, String command) throws IOException {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("processor", cpu("model name") + ", " + processors() + " processors to use");
    lines.put("instructions", instructions());
    lines.put("JDK", System.getProperty("java.vm.vendor") + " " + Runtime.version());
    lines.put("peers", runtimes.stream().map(Machine::version).collect(Collectors.joining(", ")));
    lines.put("load of the machine at the start", load());
    lines.put("commit", System.getProperty("bunvec.commit", "unknown"));
    lines.put("command", command);
    return lines;
  }

  /** Returns how many processors this process may use. */
  static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Returns what else the machine does: the system's load average of the last minute. */
  static String load() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load < 0 ? "unknown" : String.format(Locale.ROOT, "%.1f", load);
  }

  private static String instructions() throws IOException {
    Set<String> flags = Set.copyOf(Arrays.asList(cpu("flags").split(" ", -1)));
    String found = FLAGS.stream().filter(flags::contains).collect(Collectors.joining(" "));
    return found.isEmpty() ? System.getProperty("os.arch") : found;
  }

  private static String cpu(String key) throws IOException {
    if (!Files.isReadable(CPU_INFO)) {
      return "unknown";
    }
    return Files.readAllLines(CPU_INFO).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  private static String version(Runtimes runtime) {
    return switch (runtime) {
      case ONNXRUNTIME -> "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion();
      case TORCH -> "libtorch " + TorchPeer.version() + " (DJL)";
      case OPENBLAS -> "OpenBLAS " + implementation(org.bytedeco.openblas.global.openblas.class);
      case ONEDNN -> {
        dnnl_version_t version = dnnl.dnnl_version();
        yield "oneDNN " + version.major() + "." + version.minor() + "." + version.patch();
      }
    };
  }

  private static String implementation(Class<?> of) {
    String version = of.getPackage().getSpecificationVersion();
    return version == null ? "of bytedeco" : version;
  }
}
