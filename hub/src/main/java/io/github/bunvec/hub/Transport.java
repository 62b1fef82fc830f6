package io.github.bunvec.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Requests to the Hub and to the hosts it leads to. The token goes to the Hub's own address (same
 * scheme, host and port) and nowhere else.
 */
final class Transport implements AutoCloseable {

  private static final int MAX_REDIRECTS = 10;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final HubSettings settings;
  private final HttpClient client;

  Transport(HubSettings settings) throws HubException {
    this.settings = settings;
    try {
      this.client =
          HttpClient.newBuilder()
              // One connection at a time: nothing to gain from HTTP/2, and no upgrade to ask for.
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(settings.etagTimeout())
              .proxy(settings.proxies().selector())
              .build();
    } catch (UncheckedIOException e) {
      throw new HubException("the network cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * Sends a request and follows where it leads.
   *
   * @param anyHost whether redirects to other hosts are followed or returned
   */
  Response send(String method, URI address, Map<String, String> headers, boolean anyHost)
      throws IOException {
    URI next = address;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      Response response = once(method, next, headers);
      String location = response.header("Location").orElse(null);
      if (!REDIRECTS.contains(response.status()) || location == null) {
        return response;
      }
      URI target;
      try {
        target = target(next, location);
      } catch (IOException e) {
        response.close();
        throw e;
      }
      if (!anyHost && !sameOrigin(next, target)) {
        return response;
      }
      response.close();
      next = target;
    }
    throw new HubException(
        "%s: redirected more than %d times".formatted(shown(address), MAX_REDIRECTS));
  }

  private static URI target(URI from, String location) throws HubException {
    URI target;
    try {
      target = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new HubException(shown(from) + ": redirects to what is no address");
    }
    String scheme = String.valueOf(target.getScheme());
    boolean secureEnough =
        scheme.equals("https") || (scheme.equals("http") && !"https".equals(from.getScheme()));
    if (!secureEnough || target.getHost() == null) {
      throw new HubException(
          "%s: redirects to %s, which is not followed".formatted(shown(from), shown(target)));
    }
    return target;
  }

  private Response once(String method, URI address, Map<String, String> headers)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("User-Agent", "bunvec")
            // Sizes and ranges are those of the file, not of a compressed form of it.
            .header("Accept-Encoding", "identity");
    headers.forEach(request::header);
    String token = settings.token();
    if (token != null && sameOrigin(address, settings.endpoint())) {
      request.header("Authorization", "Bearer " + token);
    }
    // Not by an Authenticator: the JDK's client with one fails on a 401 without WWW-Authenticate.
    // The client itself drops this header where the way leads through no proxy.
    String password = settings.proxies().authorization(address);
    if (password != null) {
      request.header("Proxy-Authorization", password);
    }
    try {
      return new Response(answer(request.build()), settings.downloadTimeout());
    } catch (SSLException e) {
      // No use in trying again, and no case for an old copy: someone may be listening.
      throw new HubException(
          "%s: no secure connection: %s".formatted(shown(address), e.getMessage()), e);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new TransientFailure(shown(address) + ": " + reason(e), e);
    }
  }

  /**
   * Waits for the head of an answer. A request's own timeout would do that on JDK 25, but from JDK
   * 26 on it counts the body, too.
   */
  private HttpResponse<InputStream> answer(HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
    try {
      return answer.get(settings.etagTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no answer within " + settings.etagTimeout().toSeconds() + " s", e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while waiting for the Hub");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private static String reason(IOException failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof UnresolvedAddressException || t instanceof UnknownHostException) {
        return "unknown host";
      }
    }
    return failure.getMessage() == null
        ? failure instanceof ConnectException ? "no connection" : failure.toString()
        : failure.getMessage();
  }

  /** An address as it may be shown: what signs it or logs in is not. */
  static String shown(URI address) {
    return "%s://%s%s%s"
        .formatted(
            address.getScheme(),
            address.getHost(),
            address.getPort() < 0 ? "" : ":" + address.getPort(),
            address.getRawPath() == null ? "" : address.getRawPath());
  }

  private static boolean sameOrigin(URI a, URI b) {
    return a.getScheme().equalsIgnoreCase(b.getScheme())
        && a.getHost().toLowerCase(Locale.ROOT).equals(b.getHost().toLowerCase(Locale.ROOT))
        && port(a) == port(b);
  }

  private static int port(URI address) {
    return Proxies.port(address);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
