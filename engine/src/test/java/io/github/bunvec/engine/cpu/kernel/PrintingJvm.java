package io.github.bunvec.engine.cpu.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A JVM that runs {@link CodeGenerationMain} and prints what its compiler makes of the kernels. */
final class PrintingJvm implements AutoCloseable {

  /** Why it was not started, or null. */
  private final @Nullable String refusal;

  private final Path output;
  private final @Nullable Process process;
  private @Nullable List<CompiledMethod> methods;

  /**
   * Starts the JVM, unless this machine cannot run it.
   *
   * @param directory where its output goes
   * @param avx what the machine needs: 2 for AVX2 and FMA, 3 for AVX-512
   * @param options options of the JVM
   * @param kinds arguments of {@link CodeGenerationMain}
   */
  PrintingJvm(Path directory, int avx, List<String> options, String... kinds) throws IOException {
    output = Files.createTempFile(directory, "code", ".txt");
    refusal = refusal(avx);
    process = refusal == null ? start(options, kinds) : null;
  }

  private static @Nullable String refusal(int avx) {
    String architecture = System.getProperty("os.arch");
    if (!architecture.equals("amd64") && !architecture.equals("x86_64")) {
      return "machine code is read on x86-64 only, this is " + architecture;
    }
    HotSpotDiagnosticMXBean hotspot =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (hotspot == null) {
      return "code is printed by HotSpot only, this is " + System.getProperty("java.vm.name");
    }
    int has = Integer.parseInt(hotspot.getVMOption("UseAVX").getValue());
    boolean fma = Boolean.parseBoolean(hotspot.getVMOption("UseFMA").getValue());
    return has >= avx && fma
        ? null
        : "needs UseAVX=%d and UseFMA=true; of this processor the JVM says UseAVX=%d and UseFMA=%b"
            .formatted(avx, has, fma);
  }

  /**
   * C2 alone, so that each method is compiled once and its last code is its best; G1 by name, as
   * loops are cut to let it in, which the collector of small machines does not ask for.
   */
  private Process start(List<String> options, String... kinds) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-Xbatch",
            "-XX:+UseG1GC",
            "-XX:-TieredCompilation",
            "-XX:-UseOnStackReplacement",
            "-XX:+UnlockDiagnosticVMOptions"));
    Stream.of(
            Fp32Tiles512.class,
            Bf16Tiles512.class,
            Fp32Tiles256.class,
            Bf16Tiles256.class,
            Fp32Tiles128.class,
            Bf16Tiles128.class,
            AttentionTiles512.class,
            AttentionTiles256.class,
            AttentionTiles128.class,
            Activations.class,
            HeadPacking.class,
            Softmax.class,
            LayerNormKernel.class,
            LayerNormPair.class,
            RowSums.class,
            BadKernels.class)
        .forEach(type -> command.add("-XX:CompileCommand=print," + type.getName() + "::*"));
    command.addAll(options);
    command.addAll(
        List.of(
            "-p",
            System.getProperty("jdk.module.path"),
            "--patch-module",
            "io.github.bunvec.engine=" + Path.of("target/test-classes").toAbsolutePath(),
            "-m",
            "io.github.bunvec.engine/" + CodeGenerationMain.class.getName()));
    command.addAll(List.of(kinds));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Both may hold options that change the code.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    return builder.redirectOutput(output.toFile()).start();
  }

  /**
   * Waits for what C2 made of the methods; aborts the test where the JVM does not run or does not
   * show it.
   */
  List<CompiledMethod> methods() throws IOException, InterruptedException {
    assumeTrue(refusal == null, refusal);
    if (methods == null) {
      int status = process.waitFor();
      List<String> lines = Files.readAllLines(output, StandardCharsets.ISO_8859_1);
      String start = String.join("\n", lines.subList(0, Math.min(lines.size(), 20)));
      assumeTrue(
          status == 0 || !start.contains("VM option"), () -> "the JVM cannot print code: " + start);
      assertEquals(0, status, start);
      assumeTrue(lines.contains("[MachCode]"), () -> "the JVM printed no machine code: " + start);
      methods = List.copyOf(CompiledMethod.parse(lines));
    }
    return methods;
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }
}
