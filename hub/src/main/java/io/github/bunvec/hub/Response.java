package io.github.bunvec.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An answer whose body has not been read.
 *
 * @param message status, headers and body
 * @param stall how long the body may stand still
 */
record Response(HttpResponse<InputStream> message, Duration stall) implements AutoCloseable {

  /** Takes bytes as they come. */
  interface Sink {
    void accept(byte[] bytes, int count) throws IOException;
  }

  int status() {
    return message.statusCode();
  }

  URI address() {
    return message.uri();
  }

  HttpHeaders headers() {
    return message.headers();
  }

  Optional<String> header(String name) {
    return headers().firstValue(name).map(String::strip).filter(value -> !value.isEmpty());
  }

  OptionalLong number(String name) {
    Optional<String> value = header(name).filter(text -> text.matches("\\d{1,18}"));
    return value.isPresent() ? OptionalLong.of(Long.parseLong(value.get())) : OptionalLong.empty();
  }

  /** Hands the whole body on; what the sink throws is thrown as it is. */
  void read(Sink sink) throws IOException {
    byte[] buffer = new byte[1 << 16];
    InputStream body = message.body();
    try (StallWatch watch = new StallWatch(body, stall)) {
      while (true) {
        int count;
        try {
          count = body.read(buffer);
        } catch (IOException e) {
          throw new TransientFailure(
              watch.stalled()
                  ? "nothing came for " + stall.toSeconds() + " s"
                  : "the connection broke",
              e);
        }
        if (count < 0) {
          return;
        }
        watch.alive();
        sink.accept(buffer, count);
      }
    }
  }

  /** Returns the whole body, which must be one of a page, not of a download. */
  byte[] bytes(String what, int limit) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    read(
        (buffer, count) -> {
          if (bytes.size() + count > limit) {
            throw new HubException("%s: the answer is over %d bytes".formatted(what, limit));
          }
          bytes.write(buffer, 0, count);
        });
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    try {
      message.body().close();
    } catch (IOException e) {
      // The connection is given up; there is nothing left to lose.
      return;
    }
  }
}
