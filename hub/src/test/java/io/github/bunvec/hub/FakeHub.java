package io.github.bunvec.hub;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * One repository as the Hub serves it: the API, small files from the Hub itself, files in LFS from
 * another host it redirects to. Requires a token when {@link #token} is set.
 */
final class FakeHub implements AutoCloseable {

  static final ModelId MODEL = ModelId.parse("org/model");
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  final Map<String, byte[]> files = new TreeMap<>();
  final Map<String, String> refs = new HashMap<>(Map.of("main", COMMIT));
  final List<Duration> pauses = new ArrayList<>();
  final List<String> notices = new ArrayList<>();
  final List<String> extraNames = new ArrayList<>();
  final TestServer cdn = new TestServer(this::blob);
  final TestServer hub = new TestServer(this::answer);
  String token = "";

  FakeHub() {
    put("config.json", "{\"model_type\": \"bert\"}");
    put("vocab.txt", "[PAD]\n[UNK]\n");
    put("tokenizer_config.json", "{}");
    put("README.md", "# A model");
    put("onnx/model.onnx", "no");
    put("tf_model.h5", "no");
    put("optimizer.pt", "no");
    byte[] weights = new byte[300_000];
    new Random(1).nextBytes(weights);
    files.put("model.safetensors", weights);
    files.put("pytorch_model.bin", "not needed".getBytes(StandardCharsets.UTF_8));
  }

  void put(String name, String text) {
    files.put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  byte[] weights() {
    return files.get("model.safetensors");
  }

  String etag(String name) {
    return digest(files.get(name), isLfs(name));
  }

  static boolean isLfs(String name) {
    return name.endsWith(".safetensors") || name.endsWith(".bin");
  }

  static String digest(byte[] content, boolean lfs) {
    try {
      MessageDigest digest = MessageDigest.getInstance(lfs ? "SHA-256" : "SHA-1");
      if (!lfs) {
        digest.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
      }
      return HexFormat.of().formatHex(digest.digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void answer(TestServer.Request request, OutputStream out) throws IOException {
    String path = request.path();
    String api = "/api/models/org/model/revision/";
    String resolve = "/org/model/resolve/";
    if (!token.isEmpty() && !("Bearer " + token).equals(request.headers().get("authorization"))) {
      TestServer.head(
          out, 401, "X-Error-Code: RepoNotFound", "X-Error-Message: Repository not found");
    } else if (path.startsWith(api)) {
      String revision = path.substring(api.length()).replace("%2F", "/");
      String commit = refs.containsValue(revision) ? revision : refs.get(revision);
      if (commit == null) {
        TestServer.head(out, 404, "X-Error-Code: RevisionNotFound");
      } else {
        TestServer.answer(out, 200, listing(commit), "Content-Type: application/json");
      }
    } else if (path.startsWith(resolve)) {
      String[] parts = path.substring(resolve.length()).split("/", 2);
      resolve(request, parts[0], parts[1], out);
    } else {
      TestServer.head(out, 404, "X-Error-Code: RepoNotFound");
    }
  }

  private String listing(String commit) {
    JsonArray siblings = new JsonArray();
    List<String> names = new ArrayList<>(files.keySet());
    names.addAll(extraNames);
    for (String name : names) {
      JsonObject sibling = new JsonObject();
      sibling.addProperty("rfilename", name);
      siblings.add(sibling);
    }
    JsonObject info = new JsonObject();
    info.addProperty("id", "org/model");
    info.addProperty("sha", commit);
    info.add("siblings", siblings);
    return info.toString();
  }

  private void resolve(TestServer.Request request, String commit, String name, OutputStream out)
      throws IOException {
    byte[] content = files.get(name);
    String xCommit = "X-Repo-Commit: " + commit;
    if (content == null) {
      TestServer.head(out, 404, xCommit, "X-Error-Code: EntryNotFound");
    } else if (isLfs(name)) {
      TestServer.head(
          out,
          302,
          xCommit,
          "Location: " + cdn.address() + "/" + name + "?Signature=secret",
          "ETag: \"redirect\"",
          "X-Linked-Etag: \"" + etag(name) + "\"",
          "X-Linked-Size: " + content.length,
          "Content-Length: 0");
    } else {
      TestServer.content(request, out, content, xCommit, "ETag: W/\"" + etag(name) + "\"");
    }
  }

  private void blob(TestServer.Request request, OutputStream out) throws IOException {
    TestServer.content(request, out, files.get(request.path().substring(1)), "ETag: \"of-s3\"");
  }

  Map<String, String> environment(Path cache) {
    return new HashMap<>(
        Map.of(
            "HF_ENDPOINT", hub.address(),
            "HF_HOME", cache.resolveSibling("home").toString(),
            "HF_HUB_CACHE", cache.toString(),
            "HF_HUB_DOWNLOAD_TIMEOUT", "1",
            "NO_PROXY", "*"));
  }

  Hub client(Path cache) throws IOException {
    return client(environment(cache));
  }

  Hub client(Map<String, String> environment) throws IOException {
    return new Hub(HubSettings.of(environment), pauses::add, Files::createSymbolicLink);
  }

  Snapshot download(Path cache) throws IOException {
    return client(cache).snapshot(MODEL, listener());
  }

  DownloadListener listener() {
    return new DownloadListener() {
      @Override
      public void notice(String message) {
        notices.add(message);
      }
    };
  }

  Path blobs(Path cache) {
    return cache.resolve("models--org--model/blobs");
  }

  /** Forgets what was asked so far. */
  void forget() {
    hub.requests().clear();
    cdn.requests().clear();
    notices.clear();
    pauses.clear();
  }

  @Override
  public void close() throws IOException {
    hub.close();
    cdn.close();
  }
}
