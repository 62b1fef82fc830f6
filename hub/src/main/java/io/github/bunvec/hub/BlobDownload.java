package io.github.bunvec.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file's way into the cache: into a partial file, which a broken connection, a broken process
 * or the next call goes on with; then size and checksum; then, whole and right, under its name.
 */
final class BlobDownload {

  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-.*");

  private final RemoteFile file;
  private final String commit;
  private final String label;
  private final RepositoryClient client;
  private final Path partial;
  private final Path blob;
  private final Retry retry;
  private final Progress progress;

  /** Hears of bytes; of negative ones when some were in vain. */
  interface Progress {
    void advance(RemoteFile file, long bytes);
  }

  BlobDownload(
      ModelId model,
      String commit,
      RemoteFile file,
      RepositoryClient client,
      CacheFiles cache,
      Retry retry,
      Progress progress) {
    this.file = file;
    this.commit = commit;
    this.label = model.repository() + ": " + file.name();
    this.client = client;
    this.partial = cache.partial(file.etag());
    this.blob = cache.blob(file.etag());
    this.retry = retry;
    this.progress = progress;
  }

  /** The caller holds the lock. */
  void run() throws IOException {
    CacheFiles.createParent(partial);
    try (FileChannel out =
        FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (out.size() > file.size()) {
        out.truncate(0);
      }
      progress.advance(file, out.size());
      checkSpace(file.size() - out.size());
      long most = out.size();
      while (out.size() < file.size()) {
        try {
          receive(out);
          if (out.size() < file.size()) {
            throw new TransientFailure(
                "got %d bytes, the Hub says %d".formatted(out.size(), file.size()));
          }
        } catch (TransientFailure e) {
          // A transfer that starts over and over gets nowhere.
          if (out.size() > most) {
            most = out.size();
            retry.progressed();
          }
          retry.waitAfter(e);
        }
      }
      // A blob whose name is on disk before its content would pass for whole after a power cut.
      out.force(false);
    }
    verify();
    CacheFiles.replace(partial, blob);
  }

  private void receive(FileChannel out) throws IOException {
    long offset = out.size();
    try (Response response = client.get(commit, file.name(), offset)) {
      if (response.header("Content-Encoding").filter(e -> !e.equals("identity")).isPresent()) {
        throw new HubException(label + ": came compressed, though the plain file was asked for");
      }
      if (response.status() == 416) {
        restart(out);
        throw new TransientFailure("there is nothing after byte " + offset);
      }
      if (response.status() == 206 && start(response) != offset) {
        restart(out);
        throw new TransientFailure("got another range than asked for");
      }
      if (response.status() == 200) {
        restart(out);
      }
      out.position(out.size());
      response.read((bytes, count) -> write(out, bytes, count));
    }
  }

  private static long start(Response response) {
    Matcher range = CONTENT_RANGE.matcher(response.header("Content-Range").orElse(""));
    return range.matches() ? Long.parseLong(range.group(1)) : -1;
  }

  private void restart(FileChannel out) throws IOException {
    if (out.size() > 0) {
      progress.advance(file, -out.size());
      out.truncate(0);
    }
  }

  private void write(FileChannel out, byte[] bytes, int count) throws IOException {
    if (out.position() + count > file.size()) {
      Files.deleteIfExists(partial);
      throw new HubException(
          "%s: more bytes came than the %d the Hub says; nothing of it is kept, run it again"
              .formatted(label, file.size()));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
    try {
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
    } catch (IOException e) {
      throw new FileSystemException(partial.toString(), null, CacheFiles.reason(e));
    }
    progress.advance(file, count);
  }

  private void checkSpace(long needed) throws IOException {
    long free = Files.getFileStore(partial).getUsableSpace();
    if (free < needed) {
      throw new HubException(
          "%s: needs %,d MiB more, %s has %,d MiB free; make room or set HF_HUB_CACHE"
              .formatted(label, (needed >> 20) + 1, partial.getParent(), free >> 20));
    }
  }

  private void verify() throws IOException {
    String found = Digest.of(partial, file.etag());
    if (!found.equals(file.etag())) {
      progress.advance(file, -file.size());
      Files.deleteIfExists(partial);
      throw new HubException(
          "%s: the checksum is %s, the Hub says %s; nothing of it is kept, run it again"
              .formatted(label, found, file.etag()));
    }
  }
}
