package io.github.bunvec.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The proxies the environment names: {@code http_proxy}, {@code https_proxy}, {@code all_proxy} and
 * the hosts of {@code no_proxy} that need none; lower case before upper case, as in curl and
 * Python. Addresses they say nothing of go the JVM's way ({@code -Dhttps.proxyHost} and the like).
 *
 * @param http proxy for http addresses
 * @param https proxy for https addresses
 * @param exempt hosts reached directly: names with everything below them, {@code HOST:PORT}, IPv4
 *     networks in CIDR form, {@code *} for all
 */
record Proxies(@Nullable URI http, @Nullable URI https, List<String> exempt) {

  private static final int HTTP_PORT = 80;

  static Proxies of(Environment environment) throws HubException {
    String all = environment.first("all_proxy", "ALL_PROXY");
    String none = environment.first("no_proxy", "NO_PROXY");
    return new Proxies(
        proxy(environment, all, "http_proxy", "HTTP_PROXY"),
        proxy(environment, all, "https_proxy", "HTTPS_PROXY"),
        none == null
            ? List.of()
            : Arrays.stream(none.split("[,\\s]+"))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> entry.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
                .toList());
  }

  private static @Nullable URI proxy(Environment environment, @Nullable String all, String... names)
      throws HubException {
    String own = environment.first(names);
    String value = own == null ? all : own;
    if (value == null) {
      return null;
    }
    String name = own == null ? "ALL_PROXY" : names[1];
    try {
      URI uri = new URI(value.contains("://") ? value : "http://" + value);
      if (!"http".equals(uri.getScheme())) {
        throw new HubException(
            "%s: proxies of the kind '%s' are not supported, only http://HOST:PORT"
                .formatted(name, uri.getScheme()));
      }
      if (uri.getHost() == null) {
        throw new HubException(name + " is not of the form http://HOST:PORT");
      }
      return uri;
    } catch (URISyntaxException e) {
      // Neither the text nor the cause, which repeats it: a password may be in it.
      throw new HubException(name + " is not of the form http://HOST:PORT");
    }
  }

  /** Returns the proxy for an address; null where the environment names none. */
  @Nullable URI forAddress(URI address) {
    return "https".equals(address.getScheme()) ? https : http;
  }

  boolean exempts(URI address) {
    String host = address.getHost().toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
    return exempt.stream()
        .anyMatch(
            entry ->
                entry.equals("*")
                    || host.equals(entry)
                    || host.endsWith("." + entry)
                    || (host + ":" + port(address)).equals(entry)
                    || inNetwork(host, entry));
  }

  /** Returns how to log in to the proxy for an address (RFC 7617); null where there is no need. */
  @Nullable String authorization(URI address) {
    URI proxy = forAddress(address);
    if (proxy == null || proxy.getRawUserInfo() == null || exempts(address)) {
      return null;
    }
    String plain = URLDecoder.decode(proxy.getRawUserInfo().replace("+", "%2B"), UTF_8);
    String login = plain.contains(":") ? plain : plain + ":";
    return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8));
  }

  /** The port of an address, its scheme's own where none is named. */
  static int port(URI address) {
    return address.getPort() >= 0
        ? address.getPort()
        : "https".equals(address.getScheme()) ? 443 : HTTP_PORT;
  }

  private static boolean inNetwork(String host, String entry) {
    String[] network = entry.split("/", 2);
    if (network.length < 2 || !network[1].matches("\\d|[12]\\d|3[0-2]")) {
      return false;
    }
    long address = ipv4(host);
    long base = ipv4(network[0]);
    int free = 32 - Integer.parseInt(network[1]);
    return address >= 0 && base >= 0 && address >> free == base >> free;
  }

  /** The number of an IPv4 address in dotted form; -1 for anything else. */
  private static long ipv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return -1;
    }
    long number = 0;
    for (String part : parts) {
      if (!part.matches("\\d{1,3}") || Integer.parseInt(part) > 255) {
        return -1;
      }
      number = number << 8 | Integer.parseInt(part);
    }
    return number;
  }

  ProxySelector selector() {
    return new ProxySelector() {
      @Override
      public List<Proxy> select(URI address) {
        URI proxy = forAddress(address);
        if (exempts(address)) {
          return List.of(Proxy.NO_PROXY);
        }
        if (proxy != null) {
          int port = proxy.getPort() >= 0 ? proxy.getPort() : HTTP_PORT;
          return List.of(
              new Proxy(
                  Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port)));
        }
        ProxySelector system = ProxySelector.getDefault();
        return system == null ? List.of(Proxy.NO_PROXY) : system.select(address);
      }

      @Override
      public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
        // The failed request is reported by whoever made it.
      }
    };
  }
}
