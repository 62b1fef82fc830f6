package io.github.bunvec.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransferTest {

  @TempDir private Path cache;

  private void assertWhole(FakeHub hub, Snapshot snapshot) throws IOException {
    assertArrayEquals(
        hub.weights(), Files.readAllBytes(snapshot.path().resolve("model.safetensors")));
    assertFalse(Files.exists(partial(hub)));
  }

  private Path partial(FakeHub hub) {
    return hub.blobs(cache).resolve(hub.etag("model.safetensors") + ".bunvec.incomplete");
  }

  @Test
  void tokenGoesToTheHubAndNowhereElse() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.token = "hf_abc";
      Map<String, String> environment = hub.environment(cache);
      environment.put("HF_TOKEN", " hf_abc\n");
      hub.client(environment).snapshot(FakeHub.MODEL, hub.listener());
      assertTrue(
          hub.hub.requests().stream()
              .allMatch(r -> "Bearer hf_abc".equals(r.headers().get("authorization"))));
      assertEquals(1, hub.cdn.requests().size());
      assertNull(hub.cdn.requests().getFirst().headers().get("authorization"));
      assertTrue(hub.cdn.requests().getFirst().target().contains("Signature=secret"));
    }
  }

  @Test
  void brokenTransferGoesOnWhereItBroke() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      AtomicInteger count = new AtomicInteger();
      hub.cdn.intercept(
          next ->
              (request, out) -> {
                if (count.incrementAndGet() > 3) {
                  next.answer(request, out);
                  return;
                }
                int offset = request.offset();
                int left = hub.weights().length - offset;
                TestServer.head(
                    out,
                    offset == 0 ? 200 : 206,
                    "Content-Length: " + left,
                    "Content-Range: bytes %d-/*".formatted(offset));
                out.write(hub.weights(), offset, 50_000);
              });
      List<Long> progress = new ArrayList<>();
      Snapshot snapshot =
          hub.client(cache)
              .snapshot(
                  FakeHub.MODEL,
                  new DownloadListener() {
                    @Override
                    public void progress(String file, long done, long total) {
                      assertTrue(done <= total);
                      progress.add(done);
                    }

                    @Override
                    public void notice(String message) {
                      hub.notices.add(message);
                    }
                  });
      assertWhole(hub, snapshot);
      assertEquals(
          List.of(0, 50_000, 100_000, 150_000),
          hub.cdn.requests().stream().map(TestServer.Request::offset).toList());
      // Each got on, so that each is a first failure.
      assertEquals(List.of(1L, 1L, 1L), hub.pauses.stream().map(Duration::toSeconds).toList());
      assertEquals(3, hub.notices.size());
      assertTrue(hub.notices.getFirst().startsWith("org/model: model.safetensors: "));
      assertEquals(progress.stream().sorted().toList(), progress);
      assertEquals(300_000 + sizeOfSmallFiles(hub), progress.getLast());
    }
  }

  private static long sizeOfSmallFiles(FakeHub hub) {
    return List.of("config.json", "vocab.txt", "tokenizer_config.json").stream()
        .mapToLong(name -> hub.files.get(name).length)
        .sum();
  }

  @Test
  void partialFileOfAnotherRunIsUsed() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      Files.createDirectories(hub.blobs(cache));
      Files.write(partial(hub), Arrays.copyOf(hub.weights(), 200_000));
      assertWhole(hub, hub.download(cache));
      assertEquals(200_000, hub.cdn.requests().getFirst().offset());
    }
  }

  @Test
  void wholePartialFileIsOnlyChecked() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      Files.createDirectories(hub.blobs(cache));
      Files.write(partial(hub), hub.weights());
      assertWhole(hub, hub.download(cache));
      assertEquals(List.of(), hub.cdn.requests());
    }
  }

  @Test
  void wrongPartialFileIsFoundOut() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      Files.createDirectories(hub.blobs(cache));
      Files.write(partial(hub), new byte[100_000]);
      HubException e = assertThrows(HubException.class, () -> hub.download(cache));
      assertTrue(e.getMessage().contains("the checksum is "), e.getMessage());
      assertFalse(Files.exists(partial(hub)));
      assertWhole(hub, hub.download(cache));
    }
  }

  @Test
  void serverThatIgnoresRangesStartsOver() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      Files.createDirectories(hub.blobs(cache));
      Files.write(partial(hub), new byte[100_000]);
      hub.cdn.intercept(next -> (request, out) -> next.answer(withoutRange(request), out));
      assertWhole(hub, hub.download(cache));
      assertEquals(100_000, hub.cdn.requests().getFirst().offset());
    }
  }

  private static TestServer.Request withoutRange(TestServer.Request request) {
    return new TestServer.Request(request.method(), request.target(), Map.of());
  }

  @Test
  void refusedRangeAndWrongRangeStartOver() throws IOException {
    for (int status : List.of(416, 206)) {
      try (FakeHub hub = new FakeHub()) {
        Path own = cache.resolve("of" + status);
        Path partial = hub.blobs(own).resolve(hub.etag("model.safetensors") + ".bunvec.incomplete");
        Files.createDirectories(partial.getParent());
        Files.write(partial, new byte[100_000]);
        hub.cdn.intercept(
            next ->
                (request, out) -> {
                  if (request.offset() == 0) {
                    next.answer(request, out);
                  } else {
                    TestServer.head(
                        out, status, "Content-Range: bytes 5-7/300000", "Content-Length: 0");
                  }
                });
        Snapshot snapshot = hub.download(own);
        assertArrayEquals(
            hub.weights(), Files.readAllBytes(snapshot.path().resolve("model.safetensors")));
        assertEquals(1, hub.pauses.size());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "config.json"})
  void wrongContentIsRefused(String name) throws IOException {
    try (FakeHub hub = new FakeHub()) {
      String etag = hub.etag(name);
      byte[] wrong = hub.files.get(name).clone();
      wrong[wrong.length / 2] ^= 1;
      TestServer server = FakeHub.isLfs(name) ? hub.cdn : hub.hub;
      server.intercept(
          next ->
              (request, out) -> {
                if (request.method().equals("GET") && request.path().endsWith(name)) {
                  TestServer.content(request, out, wrong);
                } else {
                  next.answer(request, out);
                }
              });
      HubException e = assertThrows(HubException.class, () -> hub.download(cache));
      assertEquals(
          "org/model: %s: the checksum is %s, the Hub says %s; nothing of it is kept, run it again"
              .formatted(name, FakeHub.digest(wrong, FakeHub.isLfs(name)), etag),
          e.getMessage());
      assertTrue(LayoutTest.children(hub.blobs(cache)).stream().noneMatch(f -> f.startsWith(etag)));
      assertFalse(
          Files.exists(
              cache.resolve("models--org--model/snapshots/" + FakeHub.COMMIT + "/" + name)));
      // The branch is not said to be at a commit that is not whole.
      assertFalse(Files.exists(cache.resolve("models--org--model/refs/main")));
    }
  }

  @Test
  void tooManyBytesAreRefused() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.cdn.intercept(_ -> (request, out) -> TestServer.content(request, out, new byte[300_001]));
      HubException e = assertThrows(HubException.class, () -> hub.download(cache));
      assertTrue(e.getMessage().contains("more bytes came than the 300000"), e.getMessage());
      assertFalse(Files.exists(partial(hub)));
    }
  }

  @Test
  void tooFewBytesEndInAnError() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      byte[] less = Arrays.copyOf(hub.weights(), 299_999);
      hub.cdn.intercept(_ -> (request, out) -> TestServer.content(request, out, less));
      HubException e = assertThrows(HubException.class, () -> hub.download(cache));
      assertTrue(e.getMessage().startsWith("org/model: model.safetensors: "), e.getMessage());
      assertTrue(e.getMessage().contains("after "), e.getMessage());
      assertTrue(hub.pauses.size() < 10, hub.pauses.toString());
    }
  }

  @Test
  void busyServerIsAskedAgainWhenItSays() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      AtomicInteger count = new AtomicInteger();
      String date =
          DateTimeFormatter.RFC_1123_DATE_TIME.format(
              ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(90));
      hub.hub.intercept(
          next ->
              (request, out) -> {
                switch (count.incrementAndGet()) {
                  case 1 -> TestServer.head(out, 429, "Retry-After: 7");
                  case 2 -> TestServer.head(out, 503, "Retry-After: " + date);
                  case 3 -> TestServer.head(out, 500);
                  case 4 -> TestServer.head(out, 502);
                  default -> next.answer(request, out);
                }
              });
      assertWhole(hub, hub.download(cache));
      List<Long> seconds = hub.pauses.stream().map(Duration::toSeconds).toList();
      assertEquals(4, seconds.size(), seconds.toString());
      assertEquals(7, seconds.get(0));
      assertTrue(seconds.get(1) >= 60 && seconds.get(1) <= 90, seconds.toString());
      assertEquals(List.of(4L, 8L), seconds.subList(2, 4));
      assertTrue(hub.notices.getFirst().contains("HTTP 429; trying again in 7 s"));
    }
  }

  @Test
  void serverThatStaysBusyIsGivenUp() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.hub.intercept(_ -> (_, out) -> TestServer.head(out, 503));
      HubException e = assertThrows(HubException.class, () -> hub.download(cache));
      assertEquals("org/model@main: 127.0.0.1 answers HTTP 503, after 5 attempts", e.getMessage());
      assertEquals(List.of(1L, 2L, 4L, 8L), hub.pauses.stream().map(Duration::toSeconds).toList());
      hub.forget();
      hub.hub.intercept(_ -> (_, out) -> TestServer.head(out, 429, "Retry-After: 3600"));
      assertTrue(
          assertThrows(HubException.class, () -> hub.download(cache))
              .getMessage()
              .contains("the server asks to wait 3600 s"));
      assertEquals(List.of(), hub.pauses);
    }
  }

  @Test
  void transferThatStandsStillIsBroken() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      AtomicInteger count = new AtomicInteger();
      hub.cdn.intercept(
          next ->
              (request, out) -> {
                if (count.incrementAndGet() > 1) {
                  next.answer(request, out);
                  return;
                }
                TestServer.head(out, 200, "Content-Length: 300000");
                out.write(hub.weights(), 0, 1000);
                out.flush();
                Pause.SLEEP.of(Duration.ofSeconds(20));
              });
      assertWhole(hub, hub.download(cache));
      assertEquals(1000, hub.cdn.requests().getLast().offset());
      assertTrue(hub.notices.getFirst().contains("nothing came for 1 s"), hub.notices.toString());
    }
  }

  @Test
  void silentServerIsAskedAgain() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      AtomicInteger count = new AtomicInteger();
      hub.hub.intercept(
          next ->
              (request, out) -> {
                if (count.incrementAndGet() == 1) {
                  Pause.SLEEP.of(Duration.ofSeconds(20));
                } else {
                  next.answer(request, out);
                }
              });
      Map<String, String> environment = hub.environment(cache);
      environment.put("HF_HUB_ETAG_TIMEOUT", "1");
      assertWhole(hub, hub.client(environment).snapshot(FakeHub.MODEL, hub.listener()));
      assertTrue(hub.notices.getFirst().contains("no answer within 1 s; trying again in 1 s"));
    }
  }

  @Test
  void fileThatDoesNotFitIsRefusedBeforeItComes() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      String huge = "9".repeat(17);
      hub.hub.intercept(
          next ->
              (request, out) -> {
                if (request.method().equals("HEAD") && request.path().endsWith("safetensors")) {
                  TestServer.head(
                      out,
                      302,
                      "X-Repo-Commit: " + FakeHub.COMMIT,
                      "Location: " + hub.cdn.address() + "/x",
                      "X-Linked-Etag: \"" + hub.etag("model.safetensors") + "\"",
                      "X-Linked-Size: " + huge);
                } else {
                  next.answer(request, out);
                }
              });
      HubException e = assertThrows(HubException.class, () -> hub.download(cache));
      assertTrue(e.getMessage().contains("MiB free; make room or set HF_HUB_CACHE"));
      assertEquals(List.of(), hub.cdn.requests());
    }
  }

  @Test
  void blobOfWrongSizeIsReplaced() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      Files.createDirectories(hub.blobs(cache));
      Path blob = hub.blobs(cache).resolve(hub.etag("model.safetensors"));
      Files.write(blob, new byte[7]);
      assertWhole(hub, hub.download(cache));
      assertTrue(hub.notices.getFirst().contains("has 7 bytes, the Hub says 300000"));
    }
  }

  @Test
  void renamedRepositoryIsFollowed() throws IOException {
    for (boolean absolute : List.of(false, true)) {
      try (FakeHub hub = new FakeHub()) {
        String to = absolute ? hub.hub.address() : "";
        hub.hub.intercept(
            next ->
                (request, out) -> {
                  if (request.path().contains("old/name")) {
                    String path = request.path().replace("old/name", "org/model");
                    TestServer.head(out, 307, "Location: " + to + path, "Content-Length: 0");
                  } else {
                    next.answer(request, out);
                  }
                });
        Path path = hub.client(cache).snapshot(ModelId.parse("old/name"), hub.listener()).path();
        assertArrayEquals(hub.weights(), Files.readAllBytes(path.resolve("model.safetensors")));
        assertTrue(path.toString().contains("models--old--name"));
      }
    }
  }

  @Test
  void endlessAndUnsafeRedirectsAreRefused() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.hub.intercept(_ -> (r, out) -> TestServer.head(out, 302, "Location: " + r.path()));
      assertTrue(
          assertThrows(HubException.class, () -> hub.download(cache))
              .getMessage()
              .contains("redirected more than 10 times"));
      hub.hub.intercept(_ -> (_, out) -> TestServer.head(out, 302, "Location: file:///etc/passwd"));
      assertTrue(
          assertThrows(HubException.class, () -> hub.download(cache))
              .getMessage()
              .contains("which is not followed"));
    }
  }
}
