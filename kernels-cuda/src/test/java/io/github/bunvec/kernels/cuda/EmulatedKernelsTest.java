package io.github.bunvec.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every kernel's text on the CPU, against loops in double, by the C++ in {@code src/test/cpp}:
 * random shapes with a seed, places and orders that must not change a bit, memory that must not be
 * touched. Skipped but on Linux with a {@code g++} that has AddressSanitizer.
 */
class EmulatedKernelsTest {

  private static final Path KERNELS = Path.of("src/main/resources/io/github/bunvec/kernels/cuda");
  private static final Path CHECKS = Path.of("src/test/cpp");

  /**
   * Undefined behaviour as far as kernels have it: all of {@code undefined} compiles twice as long.
   */
  private static final String SANITIZERS =
      "-fsanitize=address,alignment,bounds,object-size,signed-integer-overflow";

  /** Products and sums are fused where the text says so, and nowhere else, as NVRTC is told. */
  private static final List<String> OPTIONS =
      List.of(
          "-std=c++17",
          "-O1",
          "-march=native",
          "-ffp-contract=off",
          "-fno-strict-aliasing",
          "-Wno-unknown-pragmas",
          "-I" + KERNELS);

  /** An exit status and all that was printed. */
  private record Outcome(int status, String output) {}

  @TempDir static Path folder;

  /** Why nothing can be run here; told by every test, since Surefire hides it behind a class. */
  private static String missing = "";

  @BeforeAll
  static void compile() throws Exception {
    missing = missing();
    if (!missing.isEmpty()) {
      return;
    }
    List<String> link = new ArrayList<>(List.of("g++", SANITIZERS, "-o", checks()));
    try (ExecutorService compilers =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        Stream<Path> files = Files.list(CHECKS)) {
      List<Future<String>> objects =
          compilers.invokeAll(
              files
                  .filter(file -> file.toString().endsWith(".cpp"))
                  .map(file -> (Callable<String>) () -> object(file))
                  .toList());
      for (Future<String> object : objects) {
        link.add(object.get());
      }
    }
    expectSuccess(run(link));
  }

  private static String missing() throws IOException, InterruptedException {
    String system = System.getProperty("os.name");
    if (!system.equals("Linux")) {
      return "kernels are not run: their fibers need Linux, this is " + system;
    }
    Path probe = Files.writeString(folder.resolve("probe.cpp"), "int main() {}\n");
    Outcome linked;
    try {
      linked =
          run(List.of("g++", SANITIZERS, probe.toString(), "-o", folder.resolve("p").toString()));
    } catch (IOException e) {
      return "kernels are not run: no g++ on the PATH; install it: " + e.getMessage();
    }
    return linked.status() == 0
        ? ""
        : "kernels are not run: g++ has no AddressSanitizer; install it: " + linked.output();
  }

  @BeforeEach
  void needsCompiler() {
    assumeTrue(missing.isEmpty(), missing);
  }

  /** Compiles one file; fibers without sanitizers, which know nothing of them. */
  private static String object(Path file) throws IOException, InterruptedException {
    String object = folder.resolve(file.getFileName() + ".o").toString();
    List<String> command = new ArrayList<>(List.of("g++", "-c", file.toString(), "-o", object));
    command.addAll(OPTIONS);
    if (file.endsWith("cuda_on_cpu.cpp")) {
      command.add("-O2");
    } else {
      command.addAll(List.of(SANITIZERS, "-fno-sanitize-recover=all"));
    }
    expectSuccess(run(command));
    return object;
  }

  private static String checks() {
    return folder.resolve("checks").toString();
  }

  static List<String> kernels() throws IOException {
    try (Stream<Path> files = Files.list(KERNELS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".cu"))
          .map(file -> file.substring(0, file.length() - ".cu".length()))
          .sorted()
          .toList();
    }
  }

  /** A file without a check fails, too. */
  @ParameterizedTest
  @MethodSource("kernels")
  void computesWhatItsContractSays(String kernel) throws IOException, InterruptedException {
    expectSuccess(run(List.of(checks(), kernel)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "barrierForSome | 32 threads wait for others at __syncthreads; none can go on",
        "shuffleForSome | __syncthreads: thread (0, 0, 0) waits at __shfl_xor_sync",
        "voteBesideShuffle | __shfl_xor_sync: thread (0, 0, 0) waits at __ballot_sync",
        "someLanes | a mask of less than a warp",
        "forgottenBarrier | NaN of shared memory",
        "behindTheEnd | heap-buffer-overflow",
        "misaligned | misaligned address",
        "behindShared | index 8 out of bounds for type 'float [8]'",
        "besideTheRow | wrote at row 0, column 7 of a matrix of 2 x 7"
      })
  void findsAMistake(String mistake, String message) throws IOException, InterruptedException {
    Outcome outcome = run(List.of(checks(), "mistake", mistake));
    assertNotEquals(0, outcome.status(), outcome.output());
    assertTrue(outcome.output().contains(message), outcome.output());
  }

  private static Outcome run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  private static void expectSuccess(Outcome outcome) {
    assertEquals(0, outcome.status(), outcome.output());
  }
}
