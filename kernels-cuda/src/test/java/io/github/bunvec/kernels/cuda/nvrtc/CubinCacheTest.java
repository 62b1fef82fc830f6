package io.github.bunvec.kernels.cuda.nvrtc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CubinCacheTest {

  @TempDir Path root;

  private final List<String> remarks = new ArrayList<>();

  static CubinKey key(String name) {
    return CubinKey.of(
        new KernelSource(name, "text"), new Architecture(9, 0), List.of("-a"), "NVRTC 13.1");
  }

  /** Stands for what NVRTC makes. */
  static byte[] cubin(int seed) {
    byte[] bytes = new byte[10_000 + seed];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private byte[] get(CubinCache cache, CubinKey key, byte[] made) {
    return cache.get(key, () -> made, remarks::add);
  }

  private byte[] hit(CubinCache cache, CubinKey key) {
    return cache.get(key, () -> fail("compiled again"), remarks::add);
  }

  @Test
  void liesInTheUsersCacheFolder() {
    assertEquals(
        Path.of("/x/bunvec/cubin"),
        CubinCache.of(Map.of("XDG_CACHE_HOME", "/x", "HOME", "/h")).orElseThrow().folder());
    assertEquals(
        Path.of("/h/.cache/bunvec/cubin"),
        CubinCache.of(Map.of("XDG_CACHE_HOME", "", "HOME", "/h")).orElseThrow().folder());
    assertTrue(CubinCache.of(Map.of()).isEmpty());
  }

  @Test
  void compilesOnceAndReadsThen() throws IOException {
    CubinCache cache = new CubinCache(root.resolve("a/b"));
    byte[] made = cubin(1);
    assertArrayEquals(made, get(cache, key("k"), made));
    assertArrayEquals(made, hit(cache, key("k")));
    assertArrayEquals(made, hit(new CubinCache(root.resolve("a/b")), key("k")));
    assertEquals(List.of(), remarks);
    assertEquals(List.of(key("k").fileName()), files(cache.folder()));
  }

  @Test
  void everyPartOfTheKeyCounts() {
    KernelSource source = new KernelSource("k", "text");
    Architecture hopper = new Architecture(9, 0);
    List<CubinKey> keys =
        List.of(
            key("k"),
            CubinKey.of(new KernelSource("k", "texs"), hopper, List.of("-a"), "NVRTC 13.1"),
            CubinKey.of(new KernelSource("kt", "ext"), hopper, List.of("-a"), "NVRTC 13.1"),
            CubinKey.of(source, new Architecture(8, 0), List.of("-a"), "NVRTC 13.1"),
            CubinKey.of(source, hopper, List.of("-b"), "NVRTC 13.1"),
            CubinKey.of(source, hopper, List.of("-a"), "NVRTC 13.2"));
    Set<String> names = new HashSet<>();
    Set<String> hashes = new HashSet<>();
    for (CubinKey key : keys) {
      names.add(key.fileName());
      hashes.add(Arrays.toString(key.hash()));
    }
    assertEquals(keys.size(), names.size());
    assertEquals(keys.size(), hashes.size());
    assertTrue(key("k").fileName().matches("k-sm_90-[0-9a-f]{32}\\.cubin"), key("k").fileName());
  }

  @Test
  void makesADamagedFileAnew() throws IOException {
    CubinCache cache = new CubinCache(root);
    byte[] made = cubin(2);
    get(cache, key("k"), made);
    Path file = root.resolve(key("k").fileName());
    byte[] good = Files.readAllBytes(file);
    List<byte[]> damaged = new ArrayList<>();
    for (int length : new int[] {0, 1, 55, 56, 57, good.length - 1, good.length + 1}) {
      damaged.add(Arrays.copyOf(good, length));
    }
    // One wrong bit in every part: format, key, checksum, length, cubin.
    for (int at : new int[] {0, 7, 8, 39, 40, 47, 48, 55, 56, good.length - 1}) {
      byte[] wrong = good.clone();
      wrong[at] ^= 1;
      damaged.add(wrong);
    }
    damaged.add(CubinFile.encode(key("other"), made));
    for (byte[] wrong : damaged) {
      Files.write(file, wrong);
      remarks.clear();
      byte[] anew = cubin(3);
      assertArrayEquals(anew, get(cache, key("k"), anew));
      assertEquals(1, remarks.size());
      assertTrue(remarks.get(0).startsWith(file + " was damaged and is made anew: "));
      assertArrayEquals(anew, hit(cache, key("k")));
    }
  }

  @Test
  void saysWhatIsDamaged() throws IOException {
    CubinCache cache = new CubinCache(root);
    get(cache, key("k"), cubin(2));
    Path file = root.resolve(key("k").fileName());
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100));
    get(cache, key("k"), cubin(2));
    assertEquals(
        List.of(
            file + " was damaged and is made anew: its cubin has 44 bytes, its header says 10002"),
        remarks);
  }

  @Test
  void goesOnWithoutAFolderAndSaysSo() throws IOException {
    Path blocked = Files.createFile(root.resolve("file")).resolve("cubin");
    byte[] made = cubin(4);
    assertArrayEquals(made, get(new CubinCache(blocked), key("k"), made));
    assertArrayEquals(made, get(new CubinCache(blocked), key("k"), made));
    String last = remarks.getLast();
    assertTrue(
        last.startsWith(
            "kernels are compiled at every start, because their machine code cannot be kept in "
                + blocked),
        last);
    assertTrue(last.endsWith("make it writable, or set XDG_CACHE_HOME to a folder that is"), last);
  }

  /** Without effect for root, who may write everywhere: then the file is kept. */
  @Test
  void goesOnInAFolderThatMayOnlyBeRead() throws IOException {
    Path folder = Files.createDirectory(root.resolve("read-only"));
    Files.setPosixFilePermissions(
        folder, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE));
    byte[] made = cubin(5);
    assertArrayEquals(made, get(new CubinCache(folder), key("k"), made));
    assertEquals(files(folder).isEmpty(), !remarks.isEmpty());
  }

  @Test
  void aFolderInTheFilesPlaceIsNoFailure() throws IOException {
    CubinCache cache = new CubinCache(root);
    Files.createDirectories(root.resolve(key("k").fileName()).resolve("x"));
    byte[] made = cubin(6);
    assertArrayEquals(made, get(cache, key("k"), made));
    assertEquals(2, remarks.size()); // cannot be read, cannot be kept
    assertTrue(remarks.get(0).contains(" cannot be read: "), remarks.get(0));
    assertEquals(List.of(key("k").fileName()), files(root)); // nothing half-written stays
  }

  @Test
  void threadsAtOnceGetWholeCubins() throws Exception {
    CubinCache cache = new CubinCache(root);
    List<String> shared = Collections.synchronizedList(remarks);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        running.add(threads.submit(() -> CubinCacheProcess.rounds(cache, 50, shared::add)));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    assertEquals(List.of(), remarks);
  }

  @Test
  void processesAtOnceGetWholeCubins() throws Exception {
    Path classes =
        Path.of(CubinCache.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String classPath = classes + ":" + classes.resolveSibling("test-classes");
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xshare:auto",
                  "-cp",
                  classPath,
                  CubinCacheProcess.class.getName(),
                  root.toString())
              .redirectErrorStream(true)
              .start());
    }
    for (Process process : processes) {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), said);
      assertEquals("", said);
    }
    assertNotEquals(0, files(root).size());
    assertTrue(files(root).stream().allMatch(name -> name.endsWith(".cubin")));
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
