package io.github.bunvec.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusalTest {

  @TempDir private Path cache;

  private String message(FakeHub hub, int status, String... headers) {
    hub.hub.intercept(_ -> (_, out) -> TestServer.head(out, status, headers));
    HubException e = assertThrows(HubException.class, () -> hub.download(cache));
    assertEquals(0, hub.pauses.size(), e.getMessage());
    return e.getMessage();
  }

  @Test
  void eachRefusalSaysWhatToDo() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      String gated =
          message(hub, 403, "X-Error-Code: GatedRepo", "X-Error-Message: Access is restricted.");
      assertEquals(
          "org/model is gated (HTTP 403): accept its terms at %s/org/model, and set HF_TOKEN to a token of that account; it says: Access is restricted."
              .formatted(hub.hub.address()),
          gated);
      assertEquals(
          "org/model: no such model at %s, or it is private (HTTP 401): check the name, or set HF_TOKEN to a token that may read it"
              .formatted(hub.hub.address()),
          message(hub, 401));
      assertTrue(
          message(hub, 401, "X-Error-Message: Invalid credentials in Authorization header")
              .contains("refuses the token (HTTP 401): correct or unset HF_TOKEN"));
      assertTrue(message(hub, 404, "X-Error-Code: RepoNotFound").contains("no such model"));
      assertEquals(
          "org/model has no revision 'main' (HTTP 404)",
          message(hub, 404, "X-Error-Code: RevisionNotFound"));
      assertTrue(message(hub, 403).contains("access refused (HTTP 403)"));
      assertTrue(message(hub, 407).contains("the proxy wants a name and password"));
      assertTrue(message(hub, 418).contains("answers HTTP 418"));
      assertTrue(message(hub, 418, "X-Error-Message: " + "x".repeat(9999)).length() < 400);
      assertEquals("a\\u0007b", new HubException("a\u0007b").getMessage());
    }
  }

  @Test
  void fileThatHasGoneIsNamed() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.extraNames.add("spiece.model");
      HubException e = assertThrows(HubException.class, () -> hub.download(cache));
      assertEquals("org/model@main: spiece.model: no such file (HTTP 404)", e.getMessage());
    }
  }

  @Test
  void whatIsNoHubIsFoundOut() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      for (String page :
          new String[] {"<html>", "[]", "{\"sha\": \"x\", \"siblings\": []}", "{}"}) {
        hub.hub.intercept(_ -> (_, out) -> TestServer.answer(out, 200, page));
        HubException e = assertThrows(HubException.class, () -> hub.download(cache));
        assertTrue(e.getMessage().contains("is HF_ENDPOINT a Hub"), e.getMessage());
      }
    }
    for (String header :
        new String[] {"ETag: \"xyz\"", "ETag: \"../../x\"", "ETag: \"" + "a".repeat(40) + "\""}) {
      try (FakeHub hub = new FakeHub()) {
        boolean commit = !header.contains("aaaa");
        hub.hub.intercept(
            next ->
                (request, out) -> {
                  if (request.method().equals("HEAD")) {
                    String second = "X-Repo-Commit: " + (commit ? FakeHub.COMMIT : "b".repeat(40));
                    TestServer.head(out, 200, header, second, "Content-Length: 3");
                  } else {
                    next.answer(request, out);
                  }
                });
        HubException e = assertThrows(HubException.class, () -> hub.download(cache));
        assertTrue(
            e.getMessage().contains(commit ? "neither a SHA-256 nor" : "X-Repo-Commit is 'bbbb"),
            e.getMessage());
      }
    }
  }

  @Test
  void unreachableHubIsSaid() throws IOException {
    FakeHub gone = new FakeHub();
    gone.close();
    HubException e = assertThrows(HubException.class, () -> gone.download(cache));
    assertTrue(e.getMessage().contains(gone.hub.address()), e.getMessage());
    assertTrue(e.getMessage().endsWith("after 5 attempts"), e.getMessage());
  }

  @Test
  void cacheThatCannotBeWrittenIsSaid() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      Path file = Files.writeString(cache.resolve("file"), "");
      Map<String, String> environment = hub.environment(cache);
      environment.put("HF_HUB_CACHE", file.resolve("hub").toString());
      HubException e =
          assertThrows(
              HubException.class,
              () -> hub.client(environment).snapshot(FakeHub.MODEL, hub.listener()));
      assertTrue(e.getMessage().contains("HF_HUB_CACHE names another"), e.getMessage());
    }
  }

  @Test
  void tokenIsNeverShown() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      Map<String, String> environment = hub.environment(cache);
      environment.put("HF_TOKEN", "hf_wrong");
      hub.token = "hf_right";
      HubException e =
          assertThrows(
              HubException.class,
              () -> hub.client(environment).snapshot(FakeHub.MODEL, hub.listener()));
      assertFalse(e.getMessage().contains("hf_"), e.getMessage());
      assertFalse(HubSettings.of(environment).toString().contains("hf_"));
      environment.put("HF_TOKEN", "hf_\u0001");
      assertFalse(
          assertThrows(HubException.class, () -> hub.client(environment))
              .getMessage()
              .contains("hf_"));
      environment.put("HF_ENDPOINT", "https://user:pass@host");
      assertFalse(
          assertThrows(HubException.class, () -> hub.client(environment))
              .getMessage()
              .contains("pass"));
    }
  }
}
