package io.github.bunvec.hub;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One repository on the Hub, asked over HTTP; each method is one attempt. */
final class RepositoryClient {

  private static final int MAX_LISTING = 64 << 20;

  private final HubSettings settings;
  private final Transport transport;
  private final ModelId model;
  private final HttpFailures failures;

  RepositoryClient(HubSettings settings, Transport transport, ModelId model) {
    this.settings = settings;
    this.transport = transport;
    this.model = model;
    this.failures = new HttpFailures(settings, model);
  }

  /**
   * What the revision is.
   *
   * @param commit the commit it stands for
   * @param names the paths of its files
   */
  record Listing(String commit, TreeSet<String> names) {}

  Listing list() throws IOException {
    URI address =
        URI.create(
            "%s/api/models/%s/revision/%s"
                .formatted(settings.endpoint(), model.repository(), encoded(model.revision())));
    try (Response response = transport.send("GET", address, Map.of(), true)) {
      if (response.status() != 200) {
        throw failures.of(response, null);
      }
      return listing(response.bytes(Transport.shown(address), MAX_LISTING), address);
    }
  }

  private Listing listing(byte[] json, URI address) throws HubException {
    try {
      JsonObject info =
          JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject();
      String commit = info.get("sha").getAsString();
      JsonArray siblings = info.getAsJsonArray("siblings");
      TreeSet<String> names = new TreeSet<>();
      for (JsonElement sibling : siblings) {
        names.add(checkedName(sibling.getAsJsonObject().get("rfilename").getAsString()));
      }
      if (ModelId.isCommit(commit)) {
        return new Listing(commit, names);
      }
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | ClassCastException
        | NullPointerException e) {
      throw new HubException(notTheHub(address), e);
    }
    throw new HubException(notTheHub(address));
  }

  private static String notTheHub(URI address) {
    return Transport.shown(address)
        + ": is no description of a model (expected JSON with 'sha' and 'siblings'); is HF_ENDPOINT a Hub, or does a"
        + " proxy answer in its place?";
  }

  /** A name becomes a path in the cache: it must not lead anywhere else. */
  private String checkedName(String name) throws HubException {
    if (!ModelFiles.isSafe(name)) {
      throw new HubException(
          "%s: its list of files has '%s', which is no path inside a directory; nothing is downloaded"
              .formatted(model, name));
    }
    return name;
  }

  /** Asks what a file is; its content may lie on another host, which is not asked. */
  RemoteFile head(String commit, String name) throws IOException {
    try (Response response = transport.send("HEAD", address(commit, name), Map.of(), false)) {
      if (response.status() >= 400) {
        throw failures.of(response, name);
      }
      String label = model + ": " + name;
      String found = response.header("X-Repo-Commit").orElse("");
      if (!found.equals(commit)) {
        throw new HubException(
            "%s: X-Repo-Commit is '%s', expected %s; is HF_ENDPOINT a Hub, or does a proxy answer in its place?"
                .formatted(label, found, commit));
      }
      String etag =
          RemoteFile.normalized(
              response.header("X-Linked-Etag").or(() -> response.header("ETag")).orElse(""));
      if (!RemoteFile.verifiable(etag)) {
        throw new HubException(
            "%s: its ETag is '%s', neither a SHA-256 nor a git blob id, so that the download could not be verified"
                .formatted(label, etag));
      }
      OptionalLong linked = response.number("X-Linked-Size");
      OptionalLong size = linked.isPresent() ? linked : response.number("Content-Length");
      if (size.isEmpty()) {
        throw new HubException(label + ": the Hub does not say its size");
      }
      return new RemoteFile(name, etag, size.getAsLong());
    }
  }

  /** Asks for a file's content from an offset on; 200 (all of it), 206 and 416 are returned. */
  Response get(String commit, String name, long offset) throws IOException {
    Map<String, String> range = offset == 0 ? Map.of() : Map.of("Range", "bytes=" + offset + "-");
    // Not the address HEAD led to: it is signed for a while only, and a download may take longer.
    Response response = transport.send("GET", address(commit, name), range, true);
    int status = response.status();
    if (status == 200 || (offset > 0 && (status == 206 || status == 416))) {
      return response;
    }
    try (response) {
      throw failures.of(response, name);
    }
  }

  private URI address(String commit, String name) {
    String path =
        Arrays.stream(name.split("/"))
            .map(RepositoryClient::encoded)
            .collect(Collectors.joining("/"));
    return URI.create(
        "%s/%s/resolve/%s/%s".formatted(settings.endpoint(), model.repository(), commit, path));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
