package io.github.bunvec.hub;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A web server on sockets, so that answers may be as broken as a test wants them. */
final class TestServer implements AutoCloseable {

  /** A request; header names in lower case. */
  record Request(String method, String target, Map<String, String> headers) {
    String path() {
      return target.startsWith("http://")
          ? URI.create(target).getRawPath()
          : target.split("\\?", 2)[0];
    }

    String line() {
      return method + " " + path();
    }

    /** The offset a Range header asks for; 0 without one. */
    int offset() {
      String range = headers.get("range");
      return range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    }
  }

  /** Answers; the connection is closed when it returns. */
  interface Handler {
    void answer(Request request, OutputStream out) throws IOException;
  }

  private final ServerSocket socket;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Throwable> defects = new CopyOnWriteArrayList<>();
  private volatile Handler handler;

  TestServer(Handler handler) {
    this.handler = handler;
    try {
      this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  String address() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  int port() {
    return socket.getLocalPort();
  }

  List<Request> requests() {
    return requests;
  }

  List<String> lines() {
    return requests.stream().map(Request::line).toList();
  }

  /** Puts a handler before the present one, which it may call. */
  void intercept(java.util.function.UnaryOperator<Handler> wrapper) {
    handler = wrapper.apply(handler);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection;
        InputStream in = new BufferedInputStream(connection.getInputStream());
        OutputStream out = new BufferedOutputStream(connection.getOutputStream())) {
      String[] start = line(in).split(" ", 3);
      if (start.length != 3) {
        return;
      }
      Map<String, String> headers = new LinkedHashMap<>();
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      Request request = new Request(start[0], start[1], headers);
      requests.add(request);
      handler.answer(request, out);
    } catch (IOException e) {
      return; // The client may go whenever it likes.
    } catch (RuntimeException | Error e) {
      defects.add(e);
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c; (c = in.read()) >= 0 && c != '\n'; ) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  static void head(OutputStream out, int status, String... headers) throws IOException {
    StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " Text\r\nConnection: close\r\n");
    Arrays.stream(headers).forEach(header -> text.append(header).append("\r\n"));
    out.write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  static void answer(OutputStream out, int status, String body, String... headers)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String[] all = Arrays.copyOf(headers, headers.length + 1);
    all[headers.length] = "Content-Length: " + bytes.length;
    head(out, status, all);
    out.write(bytes);
  }

  /** Content as a web server gives it: whole, or from an offset on; no body for HEAD. */
  static void content(Request request, OutputStream out, byte[] bytes, String... headers)
      throws IOException {
    int offset = request.offset();
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "Content-Length: " + Math.max(bytes.length - offset, 0);
    all[headers.length + 1] =
        "Content-Range: bytes %d-%d/%d".formatted(offset, bytes.length - 1, bytes.length);
    if (offset >= bytes.length && offset > 0) {
      head(out, 416, "Content-Range: bytes */" + bytes.length, "Content-Length: 0");
      return;
    }
    head(out, offset == 0 ? 200 : 206, offset == 0 ? Arrays.copyOf(all, all.length - 1) : all);
    if (!request.method().equals("HEAD")) {
      out.write(bytes, offset, bytes.length - offset);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    if (!defects.isEmpty()) {
      throw new AssertionError("the server failed", defects.getFirst());
    }
  }
}
