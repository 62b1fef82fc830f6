package io.github.bunvec.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyTest {

  @TempDir private Path directory;

  /** Slow enough for the others to come while the first is at it. */
  private static void slow(FakeHub hub) {
    hub.cdn.intercept(
        next ->
            (request, out) -> {
              Pause.SLEEP.of(Duration.ofMillis(800));
              next.answer(request, out);
            });
  }

  private static void assertDownloadedOnce(FakeHub hub) {
    for (String line : List.of("config.json", "vocab.txt", "tokenizer_config.json")) {
      assertEquals(
          1,
          hub.hub.lines().stream()
              .filter(l -> l.equals("GET /org/model/resolve/" + FakeHub.COMMIT + "/" + line))
              .count(),
          line);
    }
    assertEquals(List.of("GET /model.safetensors"), hub.cdn.lines());
  }

  @Test
  void threadsDoTheWorkOnce() throws Exception {
    Path cache = directory.resolve("cache");
    try (FakeHub hub = new FakeHub();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      slow(hub);
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Path>> paths = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Hub own = Hub.of(hub.environment(cache));
        paths.add(
            threads.submit(
                () -> {
                  start.await();
                  return own.snapshot(FakeHub.MODEL, DownloadListener.NONE).path();
                }));
      }
      start.countDown();
      for (Future<Path> path : paths) {
        assertArrayEquals(
            hub.weights(), Files.readAllBytes(path.get().resolve("model.safetensors")));
      }
      assertDownloadedOnce(hub);
    }
  }

  @Test
  void processesDoTheWorkOnce() throws Exception {
    Path cache = directory.resolve("cache");
    try (FakeHub hub = new FakeHub()) {
      slow(hub);
      List<Process> processes = List.of(start(hub, cache), start(hub, cache), start(hub, cache));
      int waited = 0;
      for (Process process : processes) {
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), errors);
        waited += errors.contains("waiting for another process that downloads it") ? 1 : 0;
        Path path =
            Path.of(
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .strip());
        assertArrayEquals(hub.weights(), Files.readAllBytes(path.resolve("model.safetensors")));
      }
      assertDownloadedOnce(hub);
      assertTrue(waited >= 1, "none met another");
    }
  }

  @Test
  void processThatIsKilledLeavesItsPartToTheNext() throws Exception {
    Path cache = directory.resolve("cache");
    try (FakeHub hub = new FakeHub()) {
      CountDownLatch sent = new CountDownLatch(1);
      hub.cdn.intercept(
          next ->
              (request, out) -> {
                if (request.offset() > 0) {
                  next.answer(request, out);
                  return;
                }
                TestServer.head(out, 200, "Content-Length: 300000");
                out.write(hub.weights(), 0, 200_000);
                out.flush();
                sent.countDown();
                Pause.SLEEP.of(Duration.ofSeconds(30));
              });
      Process first = start(hub, cache);
      sent.await();
      Path partial = hub.blobs(cache).resolve(hub.etag("model.safetensors") + ".bunvec.incomplete");
      while (!Files.exists(partial) || Files.size(partial) < 200_000) {
        Pause.SLEEP.of(Duration.ofMillis(10));
      }
      first.destroyForcibly().waitFor();
      Path path = hub.download(cache).path();
      assertArrayEquals(hub.weights(), Files.readAllBytes(path.resolve("model.safetensors")));
      assertEquals(200_000, hub.cdn.requests().getLast().offset());
    }
  }

  private static Process start(FakeHub hub, Path cache) throws IOException, URISyntaxException {
    String classPath =
        String.join(
            File.pathSeparator,
            location(Hub.class),
            Path.of("target/test-classes").toAbsolutePath().toString(),
            location(JsonParser.class));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            classPath,
            DownloadMain.class.getName(),
            FakeHub.MODEL.toString());
    builder.environment().keySet().removeIf(name -> name.startsWith("HF_"));
    builder.environment().putAll(hub.environment(cache));
    builder.environment().put("HF_HUB_DOWNLOAD_TIMEOUT", "60");
    return builder.start();
  }

  private static String location(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
