package io.github.bunvec.hub;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the Hub is, where the cache is, and who asks.
 *
 * @param endpoint address of the Hub, without a slash at the end
 * @param cache the directory of the repositories
 * @param token sent to the endpoint and nowhere else; null for none
 * @param offline whether the network is not to be used
 * @param etagTimeout how long an answer may take
 * @param downloadTimeout how long a download may stand still
 * @param proxies which proxy for which address
 */
record HubSettings(
    URI endpoint,
    Path cache,
    @Nullable String token,
    boolean offline,
    Duration etagTimeout,
    Duration downloadTimeout,
    Proxies proxies) {

  private static final String PUBLIC_HUB = "https://huggingface.co";
  private static final int TIMEOUT_SECONDS = 10;

  static HubSettings of(Map<String, String> variables) throws IOException {
    Environment environment = new Environment(variables);
    Path home = home(environment);
    String cache = environment.first("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE");
    return new HubSettings(
        endpoint(environment),
        cache == null ? home.resolve("hub") : path(environment.expanded(cache), "HF_HUB_CACHE"),
        token(environment, home),
        environment.isTrue("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"),
        Duration.ofSeconds(environment.seconds("HF_HUB_ETAG_TIMEOUT", TIMEOUT_SECONDS)),
        Duration.ofSeconds(environment.seconds("HF_HUB_DOWNLOAD_TIMEOUT", TIMEOUT_SECONDS)),
        Proxies.of(environment));
  }

  HubSettings withCache(Path directory) {
    return new HubSettings(
        endpoint, directory, token, offline, etagTimeout, downloadTimeout, proxies);
  }

  HubSettings withOffline() {
    return new HubSettings(endpoint, cache, token, true, etagTimeout, downloadTimeout, proxies);
  }

  /** A record's own would show the token. */
  @Override
  public String toString() {
    return "Hub %s, cache %s%s".formatted(endpoint, cache, offline ? ", offline" : "");
  }

  private static Path home(Environment environment) throws HubException {
    String home = environment.first("HF_HOME");
    if (home == null) {
      String caches = environment.first("XDG_CACHE_HOME");
      home = (caches == null ? environment.home() + "/.cache" : caches) + "/huggingface";
    }
    return path(environment.expanded(home), "HF_HOME");
  }

  private static Path path(String text, String name) throws HubException {
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new HubException(name + " is '" + text + "', which is no path", e);
    }
  }

  private static URI endpoint(Environment environment) throws HubException {
    String value = environment.first("HF_ENDPOINT");
    String text = (value == null ? PUBLIC_HUB : value).replaceAll("/+$", "");
    try {
      URI uri = new URI(text);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (web
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new HubException("HF_ENDPOINT is '" + text + "', which is no address", e);
    }
    // The text is not repeated: a name and password may be in it.
    throw new HubException(
        "HF_ENDPOINT is not of the form https://HOST, https://HOST:PORT or https://HOST/PATH");
  }

  private static @Nullable String token(Environment environment, Path home) throws IOException {
    if (environment.isTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
      return null;
    }
    String value = environment.first("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
    String origin = "HF_TOKEN";
    if (value == null || value.isBlank()) {
      String named = environment.first("HF_TOKEN_PATH");
      Path file =
          named == null
              ? home.resolve("token")
              : path(environment.expanded(named), "HF_TOKEN_PATH");
      origin = file.toString();
      value = read(file);
    }
    String token = value.replace("\r", "").replace("\n", "").strip();
    if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new HubException(
          origin + ": the token has characters other than letters, digits and signs of ASCII");
    }
    return token.isEmpty() ? null : token;
  }

  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new HubException(
          file
              + ": the token cannot be read: "
              + CacheFiles.reason(e)
              + "; make it readable"
              + " or set HF_TOKEN or HF_HUB_DISABLE_IMPLICIT_TOKEN=1",
          e);
    }
  }
}
