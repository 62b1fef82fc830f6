package io.github.bunvec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a process of its own: what it finds in its environment decides. */
class DownloadTest {

  @TempDir private Path directory;
  private Path cache;

  /** What a process printed. */
  private record Child(int exitCode, String out, String err) {}

  @BeforeEach
  void nameCache() {
    cache = directory.resolve("hf/hub");
  }

  @Test
  void downloadPrintsTheDirectoryAndModelTakesTheName() throws Exception {
    try (StubHub hub = new StubHub(ModelCopy.into(directory.resolve("published")))) {
      Map<String, String> online = Map.of("HF_ENDPOINT", hub.address());
      Child download = run(online, "download", "org/model");
      assertEquals(0, download.exitCode(), download.err());
      Path snapshot = Path.of(download.out().strip());
      assertEquals(cache.resolve("models--org--model/snapshots/" + StubHub.COMMIT), snapshot);
      assertEquals(snapshot + "\n", download.out());
      assertTrue(Files.exists(snapshot.resolve("1_Pooling/config.json")));

      Child byName = run(online, "embed", "--model", "org/model@main", "猫");
      assertEquals(0, byName.exitCode(), byName.err());
      Run byPath = Run.of("embed", "--model", snapshot.toString(), "猫");
      assertEquals(byPath.text(), byName.out());
    }
    // Nobody answers any more.
    Child offline = run(Map.of("HF_HUB_OFFLINE", "1"), "info", "--model", "org/model");
    assertEquals(0, offline.exitCode(), offline.err());
    assertTrue(
        offline.out().contains("model       org/model@main (commit 01234567, cached, offline)"),
        offline.out());
    assertTrue(
        offline.err().contains("bunvec: offline: using cached org/model@main, commit 0123"),
        offline.err());

    // The same through options, in this process.
    Run option = Run.of("download", "--offline", "--cache", cache.toString(), "org/model");
    assertEquals(0, option.exitCode(), option.err());
    assertTrue(option.text().startsWith(cache.toString()));
  }

  @Test
  void failuresAreOneLine() throws Exception {
    try (StubHub hub = new StubHub(directory)) {
      Child missing = run(Map.of("HF_ENDPOINT", hub.address()), "download", "no/such");
      assertEquals(3, missing.exitCode());
      assertEquals("", missing.out());
      assertTrue(missing.err().contains("bunvec: no/such: no such model at " + hub.address()));
      assertEquals(List.of("GET /api/models/no/such/revision/main"), hub.requests());
    }
    Child cannot = run(Map.of("HF_HUB_OFFLINE", "1"), "embed", "--model", "no/such", "a");
    assertEquals(3, cannot.exitCode());
    assertTrue(cannot.err().endsWith("; there is no directory 'no/such' either\n"), cannot.err());
    Run empty = Run.of("embed", "--model", "", "a");
    assertEquals(3, empty.exitCode());
    assertTrue(empty.err().contains("the model's name is empty"), empty.err());
    Run form = Run.of("download", "model");
    assertEquals(2, form.exitCode());
    assertTrue(form.err().contains("expected ORG/NAME or ORG/NAME@REVISION"), form.err());
    Run bare = Run.of("embed", "--model", "model", "a");
    assertEquals(3, bare.exitCode());
    assertTrue(bare.err().startsWith("bunvec: model: no such model directory"), bare.err());
    Run offline = Run.of("download", "--offline", "--cache", cache.toString(), "org/model");
    assertEquals(3, offline.exitCode());
    assertTrue(offline.err().contains("offline, and not in the cache " + cache), offline.err());
  }

  @Test
  void barSaysHowFar() {
    assertEquals(
        " 25% [#######.......................] 100 of 400 MB, 50.0 MB/s, 6 s left",
        ProgressBar.line(100_000_000, 400_000_000, 2_000_000_000L));
    assertTrue(ProgressBar.line(0, 0, 1).startsWith("  0% ["));
  }

  private Child run(Map<String, String> environment, String... arguments) throws Exception {
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-p",
            System.getProperty("jdk.module.path"),
            "-m",
            "io.github.bunvec.cli/" + Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.toUpperCase(Locale.ROOT).matches("HF_.*|.*_PROXY|.*_OFFLINE"));
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("HF_HOME", directory.resolve("hf").toString());
    builder.environment().put("HF_ENDPOINT", "http://127.0.0.1:1");
    builder.environment().putAll(environment);
    int exitCode =
        builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
    return new Child(exitCode, Files.readString(out), Files.readString(err));
  }
}
