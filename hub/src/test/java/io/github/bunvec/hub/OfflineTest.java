package io.github.bunvec.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfflineTest {

  private static final ModelId COMMIT = ModelId.parse("org/model@" + FakeHub.COMMIT);

  @TempDir private Path cache;

  private Hub offline(FakeHub hub) throws IOException {
    Map<String, String> environment = hub.environment(cache);
    environment.put("HF_HUB_OFFLINE", "1");
    return hub.client(environment);
  }

  @Test
  void offlineTakesWhatIsCachedAndSaysSo() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      Path path = hub.download(cache).path();
      hub.forget();
      Snapshot snapshot = offline(hub).snapshot(FakeHub.MODEL, hub.listener());
      assertEquals(path, snapshot.path());
      assertEquals("org/model@main (commit 01234567, cached, offline)", snapshot.description());
      assertEquals(
          List.of("offline: using cached org/model@main, commit " + FakeHub.COMMIT), hub.notices);
      assertEquals(
          path, hub.client(cache).withoutNetwork().snapshot(FakeHub.MODEL, hub.listener()).path());
      assertEquals(List.of(), hub.hub.requests());
    }
  }

  @Test
  void offlineWithoutCopyFails() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      HubException e =
          assertThrows(
              HubException.class, () -> offline(hub).snapshot(FakeHub.MODEL, hub.listener()));
      assertEquals(
          "org/model@main: offline, and not in the cache %s; unset HF_HUB_OFFLINE or download it where there is a network"
              .formatted(cache),
          e.getMessage());
      Path path = hub.download(cache).path();
      Files.delete(path.resolve("model.safetensors"));
      HubException half =
          assertThrows(
              HubException.class, () -> offline(hub).snapshot(FakeHub.MODEL, hub.listener()));
      assertTrue(half.getMessage().contains("is not whole"), half.getMessage());
    }
  }

  @Test
  void wholeCommitNeedsNoNetwork() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.client(cache).snapshot(COMMIT, hub.listener());
      assertTrue(Files.notExists(cache.resolve("models--org--model/refs")));
      hub.forget();
      Snapshot again = hub.client(cache).snapshot(COMMIT, hub.listener());
      assertNull(again.remark());
      assertEquals(List.of(), hub.hub.requests());
      // Of a file that neither is here nor is known not to exist the Hub must be asked.
      Files.delete(
          cache.resolve("models--org--model/.no_exist/" + FakeHub.COMMIT + "/modules.json"));
      hub.client(cache).snapshot(COMMIT, hub.listener());
      assertEquals(1, hub.hub.requests().size());
      hub.forget();
      hub.client(cache).snapshot(COMMIT, hub.listener());
      assertEquals(List.of(), hub.hub.requests());
    }
  }

  @Test
  void unchangedBranchCostsOneQuestion() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.download(cache);
      hub.forget();
      assertNull(hub.download(cache).remark());
      assertEquals(List.of("GET /api/models/org/model/revision/main"), hub.hub.lines());
    }
  }

  @Test
  void newCommitIsFollowed() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.download(cache);
      hub.forget();
      hub.refs.put("main", "f".repeat(40));
      hub.put("vocab.txt", "new");
      Snapshot snapshot = hub.download(cache);
      assertEquals("new", Files.readString(snapshot.path().resolve("vocab.txt")));
      assertEquals("f".repeat(40), Files.readString(cache.resolve("models--org--model/refs/main")));
      // Only what changed came over the wire.
      assertEquals(List.of(), hub.cdn.requests());
    }
  }

  @Test
  void hubThatIsAwayIsReplacedByTheCache() throws IOException {
    FakeHub hub = new FakeHub();
    hub.download(cache);
    hub.forget();
    hub.hub.intercept(_ -> (_, out) -> TestServer.head(out, 503));
    assertEquals(
        "org/model@main (commit 01234567, cached, the Hub could not be reached)",
        hub.download(cache).description());
    assertEquals(List.of(), hub.pauses, "not waited for");
    assertTrue(hub.notices.getFirst().endsWith("using cached commit " + FakeHub.COMMIT));
    hub.close();
    assertEquals("cached, the Hub could not be reached", hub.download(cache).remark());
  }

  @Test
  void wholeCacheMayBeReadOnly() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.download(cache);
      Path marks = cache.resolve("models--org--model/.no_exist");
      Files.move(marks, cache.resolve("marks"));
      // Stands in for a directory that refuses: permissions do not stop every user.
      Files.writeString(marks, "");
      hub.forget();
      assertNull(hub.download(cache).remark());
      assertTrue(hub.notices.getFirst().contains("cannot be written"), hub.notices.toString());
    }
  }

  @Test
  void refusalIsNoReasonToUseTheCache() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.download(cache);
      hub.token = "now it is private";
      assertThrows(HubException.class, () -> hub.download(cache));
    }
  }

  @Test
  void failedUpdateLeavesTheOldCommitUsable() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.download(cache);
      hub.refs.put("main", "f".repeat(40));
      hub.files.put("model.safetensors", new byte[1000]);
      hub.cdn.intercept(_ -> (_, out) -> TestServer.head(out, 403));
      assertThrows(HubException.class, () -> hub.download(cache));
      assertEquals(FakeHub.COMMIT, offline(hub).snapshot(FakeHub.MODEL, hub.listener()).commit());
    }
  }

  @Test
  void brokenRefIsNamed() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.download(cache);
      Path ref = Files.writeString(cache.resolve("models--org--model/refs/main"), "../../..");
      HubException e = assertThrows(HubException.class, () -> hub.download(cache));
      assertEquals(ref + ": is no commit of 40 hexadecimal digits; delete it", e.getMessage());
    }
  }
}
