package io.github.bunvec.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @TempDir private Path home;

  private HubSettings of(String... pairs) throws IOException {
    Map<String, String> variables = new HashMap<>(Map.of("HOME", home.toString()));
    for (int i = 0; i < pairs.length; i += 2) {
      variables.put(pairs[i], pairs[i + 1]);
    }
    return HubSettings.of(variables);
  }

  @Test
  void cacheIsWherePythonHasIt() throws IOException {
    assertEquals(home.resolve(".cache/huggingface/hub"), of().cache());
    assertEquals(Path.of("/x/huggingface/hub"), of("XDG_CACHE_HOME", "/x").cache());
    assertEquals(Path.of("/h/hub"), of("XDG_CACHE_HOME", "/x", "HF_HOME", "/h").cache());
    assertEquals(Path.of("/c"), of("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/c").cache());
    assertEquals(Path.of("/d"), of("HF_HUB_CACHE", "/d", "HUGGINGFACE_HUB_CACHE", "/c").cache());
    assertEquals(home.resolve("m"), of("HF_HUB_CACHE", "~/m").cache());
    assertEquals(Path.of("/v/m/$W"), of("HF_HUB_CACHE", "$V/${U}/$W", "V", "/v", "U", "m").cache());
    assertEquals(home.resolve(".cache/huggingface/hub"), of("HF_HOME", "").cache());
  }

  @Test
  void endpointIsAnAddress() throws IOException {
    assertEquals("huggingface.co", of().endpoint().getHost());
    assertEquals(URI.create("http://h:1/a"), of("HF_ENDPOINT", "http://h:1/a//").endpoint());
    for (String wrong : List.of("h", "ftp://h", "http://", "https://h?q", "a b", "https://u@h")) {
      assertTrue(
          assertThrows(HubException.class, () -> of("HF_ENDPOINT", wrong))
              .getMessage()
              .startsWith("HF_ENDPOINT is "));
    }
  }

  @Test
  void tokenComesFromVariableThenFile() throws IOException {
    assertNull(of().token());
    assertEquals("a", of("HF_TOKEN", " a\r\n").token());
    assertEquals("b", of("HUGGING_FACE_HUB_TOKEN", "b").token());
    Path file = home.resolve(".cache/huggingface/token");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "f\n");
    assertEquals("f", of().token());
    assertEquals("a", of("HF_TOKEN", "a").token());
    assertEquals(
        "g", of("HF_TOKEN_PATH", Files.writeString(home.resolve("t"), "g").toString()).token());
    assertNull(of("HF_TOKEN", "a", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").token());
  }

  @Test
  void switchesAndTimeouts() throws IOException {
    assertFalse(of("HF_HUB_OFFLINE", "0").offline());
    for (String yes : List.of("1", "on", "Yes", "TRUE")) {
      assertTrue(of("HF_HUB_OFFLINE", yes).offline());
    }
    assertTrue(of("TRANSFORMERS_OFFLINE", "1").offline());
    assertEquals(Duration.ofSeconds(10), of().downloadTimeout());
    assertEquals(Duration.ofSeconds(3), of("HF_HUB_DOWNLOAD_TIMEOUT", "3").downloadTimeout());
    assertThrows(HubException.class, () -> of("HF_HUB_ETAG_TIMEOUT", "0"));
    assertThrows(HubException.class, () -> of("HF_HUB_ETAG_TIMEOUT", "soon"));
  }

  private List<Proxy> select(String address, String... pairs) throws IOException {
    return of(pairs).proxies().selector().select(URI.create(address));
  }

  private static List<Proxy> proxy(String host, int port) {
    return List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port)));
  }

  @Test
  void proxiesOfTheEnvironment() throws IOException {
    List<Proxy> direct = List.of(Proxy.NO_PROXY);
    assertEquals(direct, select("https://h"));
    assertEquals(proxy("p", 3128), select("https://h", "HTTPS_PROXY", "http://p:3128"));
    assertEquals(direct, select("http://h", "HTTPS_PROXY", "http://p:3128"));
    assertEquals(proxy("q", 80), select("http://h", "HTTP_PROXY", "p:1", "http_proxy", "q"));
    assertEquals(proxy("a", 8), select("http://h", "ALL_PROXY", "http://u:p@a:8/"));
    for (String none : List.of("*", "h.org", ".h.org", "x, org", "*.h.org", "a.h.org:443")) {
      assertEquals(direct, select("https://a.h.org", "HTTPS_PROXY", "p:1", "NO_PROXY", none), none);
    }
    for (String none : List.of("g.org", "rg", "a.h.org:80", "b.a.h.org")) {
      assertEquals(
          proxy("p", 1), select("https://a.h.org", "HTTPS_PROXY", "p:1", "NO_PROXY", none), none);
    }
    assertEquals(direct, select("http://10.1.2.3", "HTTP_PROXY", "p:1", "NO_PROXY", "10.0.0.0/8"));
    assertEquals(
        proxy("p", 1), select("http://11.1.2.3", "HTTP_PROXY", "p:1", "NO_PROXY", "10.0.0.0/8"));
    for (String wrong : List.of("socks5://p:1", "https://p:1", "http://", "u:s e c@p")) {
      String message =
          assertThrows(HubException.class, () -> of("HTTPS_PROXY", wrong)).getMessage();
      assertTrue(message.startsWith("HTTPS_PROXY"), message);
      assertFalse(message.contains("s e c"), message);
    }
  }

  @Test
  void proxyIsUsedAndToldItsPassword() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      // The fake Hub answers a proxy's requests, too, whatever host they name.
      Map<String, String> environment = hub.environment(home.resolve("cache"));
      environment.put("HF_ENDPOINT", "http://hub.invalid");
      environment.put("HTTP_PROXY", "http://me:p%40ss@127.0.0.1:" + hub.hub.port());
      environment.put("NO_PROXY", "127.0.0.1");
      hub.client(environment).snapshot(FakeHub.MODEL, hub.listener());
      assertTrue(
          hub.hub.requests().stream()
              .allMatch(
                  r ->
                      r.target().startsWith("http://hub.invalid/")
                          && "Basic bWU6cEBzcw==".equals(r.headers().get("proxy-authorization"))));
      assertEquals(1, hub.cdn.requests().size());
      assertFalse(hub.cdn.requests().getFirst().headers().containsKey("proxy-authorization"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b",
        "A-b_c.1/d.e-f",
        "a/b@main",
        "a/b@v1.0",
        "a/b@refs/pr/1",
        "_a/b_",
        "a/b@0123456789abcdef0123456789abcdef01234567"
      })
  void modelIdsOfTheHub(String text) {
    ModelId id = ModelId.parse(text);
    assertEquals(text.contains("@") ? text : text + "@main", id.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a/",
        "/b",
        "a/b/c",
        "../b",
        "a/..",
        "./b",
        "a/b.",
        "-a/b",
        "a/b-",
        "a--c/b",
        "a/b..c",
        "a/b.git",
        "a b/c",
        "a/b@",
        "a/b@../x",
        "a/b@/x",
        "a/b@x/",
        "a/b@x..y",
        "a/b@.x",
        "a/b@x.lock",
        "a/b@x y",
        "a/b@x:y",
        "a/b@x\\y",
        "a\\b/c",
        "\u00e4/b",
        "a/b@-x",
        "a/b@@{1}"
      })
  void whatIsNoModelId(String text) {
    assertThrows(IllegalArgumentException.class, () -> ModelId.parse(text));
  }

  @Test
  void namesAreBounded() {
    assertEquals(96, ModelId.parse("a/" + "b".repeat(96)).repository().length() - 2);
    assertThrows(IllegalArgumentException.class, () -> ModelId.parse("a/" + "b".repeat(97)));
  }
}
