package io.github.bunvec.kernels.cuda.nvrtc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compiles every kernel, with the NVRTC of this machine; skipped where there is none. */
class NvrtcTest {

  private static final List<Architecture> ARCHITECTURES =
      List.of(new Architecture(8, 0), new Architecture(9, 0), new Architecture(10, 0));

  /** What the assembler says of every entry point it made. */
  private static final Pattern FUNCTION = Pattern.compile("\\d+ bytes stack frame.*");

  private static Nvrtc nvrtc;

  /** Before each, so that each is counted and told as skipped. */
  @BeforeEach
  void load() {
    if (nvrtc == null) {
      nvrtc = InstalledNvrtc.orSkip();
    }
  }

  static Stream<Arguments> kernels() throws IOException, URISyntaxException {
    return CudaFiles.names().stream()
        .flatMap(name -> ARCHITECTURES.stream().map(target -> Arguments.of(name, target)));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void compilesWithoutWarningsAndSpills(String name, Architecture architecture) throws Exception {
    KernelSource source = KernelSource.load(name);
    Nvrtc.Compilation made = nvrtc.compile(source, architecture, "--ptxas-options=-v");
    Set<String> entries = CudaFiles.ENTRIES.get(name);
    assertEquals(
        entries, new ElfFile(made.cubin()).globalFunctions(), name + ".cu and CudaFiles.ENTRIES");
    assertFalse(made.log().contains("warning"), made.log());
    List<String> functions =
        FUNCTION.matcher(made.log()).results().map(match -> match.group()).toList();
    assertEquals(entries.size(), functions.size(), made.log());
    for (String function : functions) {
      assertEquals(
          "0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads", function, made.log());
    }
  }

  @Test
  void seesASpill() {
    KernelSource source =
        KernelSource.of(
            "spills",
            """
            extern "C" __global__ void spills(float* x, int i) {
              float y[64];
              for (int k = 0; k < 64; k++) y[k] = x[k];
              for (int k = 0; k < 64; k++) y[(i * k) & 63] += x[k];
              for (int k = 0; k < 64; k++) x[k] = y[k];
            }
            """);
    String log = nvrtc.compile(source, ARCHITECTURES.get(1), "--ptxas-options=-v").log();
    assertTrue(log.contains("256 bytes stack frame"), log);
  }

  @Test
  void tellsFileLineAndReasonOfAnError() {
    KernelSource source =
        KernelSource.of("broken", "\nextern \"C\" __global__ void f() { x = 1; }");
    NvrtcException refused =
        assertThrows(NvrtcException.class, () -> nvrtc.compile(source, ARCHITECTURES.get(1)));
    String message = refused.getMessage();
    assertTrue(message.startsWith(nvrtc + " does not compile broken.cu for sm_90:"), message);
    assertTrue(message.contains("NVRTC_ERROR_COMPILATION"), message);
    assertTrue(message.contains("broken.cu(2): error: identifier \"x\" is undefined"), message);
  }

  @Test
  void namesTheArchitecturesItKnows() {
    NvrtcException refused =
        assertThrows(
            NvrtcException.class,
            () -> nvrtc.compile(KernelSource.load("cast"), new Architecture(3, 0)));
    String message = refused.getMessage();
    assertTrue(message.contains("sm_90, "), message);
    assertTrue(message.contains(", not for sm_30; install"), message);
  }

  @Test
  void compilesOnSeveralThreadsOfLittleStack() throws Exception {
    KernelSource source = KernelSource.load("cast");
    byte[] expected = nvrtc.compile(source, ARCHITECTURES.get(0)).cubin();
    Callable<byte[]> compile = () -> nvrtc.compile(source, ARCHITECTURES.get(0)).cubin();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(4, body -> new Thread(null, body, "compile", 512 << 10))) {
      List<Future<byte[]>> running = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        running.add(threads.submit(compile));
      }
      for (Future<byte[]> made : running) {
        assertArrayEquals(expected, made.get());
      }
    }
  }

  @Test
  void keepsWhatItMadeForTheNextStart(@TempDir Path caches) throws IOException {
    Map<String, String> environment = Map.of("XDG_CACHE_HOME", caches.toString());
    Architecture hopper = ARCHITECTURES.get(1);
    KernelCompiler first = new KernelCompiler(nvrtc, CubinCache.of(environment));
    byte[] made = first.cubin("cast", hopper);
    assertEquals(CudaFiles.ENTRIES.get("cast"), new ElfFile(made).globalFunctions());
    Path folder = caches.resolve("bunvec/cubin");
    assertEquals(nvrtc + ", machine code in " + folder, first.toString());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
    KernelCompiler second = new KernelCompiler(nvrtc, CubinCache.of(environment));
    assertArrayEquals(made, second.cubin("cast", hopper));
    // The second one has read the file: a source that cannot be compiled is given, too, once kept.
    KernelSource broken = KernelSource.of("broken", "this is no CUDA");
    CubinKey key = CubinKey.of(broken, hopper, Nvrtc.OPTIONS, nvrtc.identity());
    Files.write(folder.resolve(key.fileName()), CubinFile.encode(key, new byte[] {1, 2, 3}));
    assertArrayEquals(new byte[] {1, 2, 3}, second.cubin(broken, hopper));
    assertEquals(List.of(), second.remarks());
  }

  @Test
  void compilesWithoutAPlaceToKeepItAndSaysSo() {
    KernelCompiler compiler = new KernelCompiler(nvrtc, CubinCache.of(Map.of()));
    assertTrue(compiler.cubin("cast", ARCHITECTURES.get(0)).length > 0);
    assertEquals(
        List.of(
            "kernels are compiled at every start, because neither XDG_CACHE_HOME nor HOME names a"
                + " place for their machine code"),
        compiler.remarks());
    assertEquals(nvrtc.toString(), compiler.toString());
  }
}
