package io.github.bunvec.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A directory served as the model {@code org/model}, no more than a download without trouble. */
final class StubHub implements AutoCloseable {

  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Path directory;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  StubHub(Path directory) throws IOException {
    this.directory = directory;
    Thread.ofVirtual().start(this::accept);
  }

  String address() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  List<String> requests() {
    return requests;
  }

  private void accept() {
    while (true) {
      try (Socket connection = socket.accept();
          BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
        String[] start = in.readLine().split(" ", 3);
        String line = in.readLine();
        while (!line.isEmpty()) {
          line = in.readLine();
        }
        requests.add(start[0] + " " + start[1]);
        answer(start[0], start[1], connection.getOutputStream());
      } catch (IOException e) {
        if (socket.isClosed()) {
          return;
        }
      }
    }
  }

  private void answer(String method, String path, OutputStream out) throws IOException {
    String resolve = "/org/model/resolve/" + COMMIT + "/";
    if (path.equals("/api/models/org/model/revision/main")) {
      send(out, true, listing(), "X-None: 0");
    } else if (path.startsWith(resolve)) {
      byte[] content = Files.readAllBytes(directory.resolve(path.substring(resolve.length())));
      String etag = "ETag: \"" + blobId(content) + "\"\r\nX-Repo-Commit: " + COMMIT;
      send(out, method.equals("GET"), content, etag);
    } else {
      String head = "HTTP/1.1 404 Not Found\r\nX-Error-Code: RepoNotFound\r\nConnection: close\r\n";
      out.write((head + "Content-Length: 0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static void send(OutputStream out, boolean body, byte[] content, String headers)
      throws IOException {
    String head = "HTTP/1.1 200 OK\r\nConnection: close\r\n" + headers + "\r\nContent-Length: ";
    out.write((head + content.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    if (body) {
      out.write(content);
    }
    out.flush();
  }

  private byte[] listing() throws IOException {
    JsonArray siblings = new JsonArray();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        JsonObject sibling = new JsonObject();
        sibling.addProperty("rfilename", directory.relativize(path).toString());
        siblings.add(sibling);
      }
    }
    JsonObject info = new JsonObject();
    info.addProperty("sha", COMMIT);
    info.add("siblings", siblings);
    return info.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String blobId(byte[] content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest.digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
