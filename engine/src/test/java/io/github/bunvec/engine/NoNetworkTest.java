package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoNetworkTest {

  private static final Path MINI_JA =
      Path.of("../models/mini-ja/src/main/resources/META-INF/bunvec/models/mini-ja");

  @TempDir private Path directory;

  /** What a process printed. */
  private record Child(int exitCode, String out, String err) {
    List<String> lines(String start) {
      return out.lines().filter(line -> line.startsWith(start)).toList();
    }

    boolean loaded(String name) {
      return out.contains(" " + name);
    }
  }

  @Test
  void localDirectoryNeedsNoNetwork() throws Exception {
    // The name has the form of a model on the Hub; the directory wins.
    Path copy = directory.resolve("org/mini-ja");
    copy(MINI_JA, copy);
    Child child = run("dir", "org/mini-ja");
    assertEquals(0, child.exitCode(), child.err());
    List<String> vectors = child.lines("vector ");
    assertEquals(2, vectors.size(), child.out());
    assertEquals(vectors.get(0), vectors.get(1));
    // The log of loaded classes works, and has none that speaks HTTP.
    assertTrue(child.loaded("io.github.bunvec.engine.EmbeddingModel"));
    assertTrue(!child.loaded("java.net.http.") && !child.loaded("jdk.internal.net.http."));
    assertTrue(!child.loaded("io.github.bunvec.hub.Transport"));
  }

  @Test
  void theSameRefusalEndsDownload() throws Exception {
    Child sockets = run("hub", "org/mini-ja");
    assertNotEquals(0, sockets.exitCode());
    assertTrue(sockets.err().contains(RefusedNetwork.REFUSAL), sockets.err());
    Child child = run("hub, channels refused only", "org/mini-ja");
    assertNotEquals(0, child.exitCode());
    assertTrue(child.err().contains("HubException: the network cannot be used"), child.err());
    assertTrue(child.err().contains(RefusedNetwork.REFUSAL), child.err());
    assertTrue(child.loaded("java.net.http."), "the log shows what a download loads");
  }

  @Test
  void whatIsNeitherDirectoryNorModelIsSaid() {
    for (String name : List.of("missing", "./a/b", "a/b/c", "a\u0000b")) {
      NoSuchFileException e =
          assertThrows(NoSuchFileException.class, () -> EmbeddingModel.load(name));
      assertEquals(
          "no such model directory, and no model of the Hub, which is ORG/NAME or ORG/NAME@REVISION",
          e.getReason());
      assertEquals(name, e.getFile());
    }
  }

  private Child run(String... arguments) throws Exception {
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xlog:class+load:stdout",
            "-Djava.nio.channels.spi.SelectorProvider=" + RefusedNetwork.class.getName(),
            "-p",
            System.getProperty("jdk.module.path"),
            "--patch-module",
            "io.github.bunvec.engine=" + Path.of("target/test-classes").toAbsolutePath(),
            "-m",
            "io.github.bunvec.engine/" + RefusedNetwork.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.toUpperCase(Locale.ROOT).matches("HF_.*|.*_PROXY"));
    builder.environment().put("HF_HOME", directory.resolve("hf").toString());
    // Were anything asked, it would be this machine, where nobody listens.
    builder.environment().put("HF_ENDPOINT", "http://127.0.0.1:1");
    int exitCode =
        builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
    return new Child(
        exitCode,
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }
}
