package io.github.bunvec.hub;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Brings the files of one commit into the cache, one after the other. */
final class SnapshotDownload implements ModelFiles.Store {

  private final ModelId model;
  private final String commit;
  private final RepositoryClient client;
  private final CacheFiles cache;
  private final Pause pause;
  private final DownloadListener listener;
  private long done;
  private long total;

  SnapshotDownload(
      ModelId model,
      String commit,
      RepositoryClient client,
      CacheFiles cache,
      Pause pause,
      DownloadListener listener) {
    this.model = model;
    this.commit = commit;
    this.client = client;
    this.cache = cache;
    this.pause = pause;
    this.listener = listener;
  }

  @Override
  public void require(Collection<String> names) throws IOException {
    List<RemoteFile> missing = new ArrayList<>();
    for (String name : names) {
      if (!cache.has(commit, name)) {
        RemoteFile file = retry(name).run(() -> client.head(commit, name));
        missing.add(file);
        total += file.size();
      }
    }
    for (RemoteFile file : missing) {
      try {
        fetch(file);
      } catch (FileSystemException e) {
        throw cache.unusable(Path.of(e.getFile() == null ? file.name() : e.getFile()), e);
      }
    }
  }

  @Override
  public byte[] read(String name) throws IOException {
    return Files.readAllBytes(cache.pointer(commit, name));
  }

  private Retry retry(String name) {
    return new Retry(model.repository() + ": " + name, Retry.ATTEMPTS, pause, listener);
  }

  private void fetch(RemoteFile file) throws IOException {
    if (hasBlob(file)) {
      cache.point(commit, file.name(), file.etag(), false);
      advance(file, file.size());
      return;
    }
    Runnable waiting =
        () ->
            listener.notice(
                "%s: %s: waiting for another process that downloads it"
                    .formatted(model.repository(), file.name()));
    try (CacheLock _ = CacheLock.acquire(cache.lock(file.etag()), waiting)) {
      if (cache.has(commit, file.name())) {
        advance(file, file.size());
        return;
      }
      boolean there = hasBlob(file);
      if (there) {
        advance(file, file.size());
      } else {
        new BlobDownload(model, commit, file, client, cache, retry(file.name()), this::advance)
            .run();
      }
      cache.point(commit, file.name(), file.etag(), !there);
    }
  }

  /** A blob of another size is what a process without checks left of a broken download. */
  private boolean hasBlob(RemoteFile file) throws IOException {
    Path blob = cache.blob(file.etag());
    if (!Files.isRegularFile(blob)) {
      return false;
    }
    long size = Files.size(blob);
    if (size != file.size()) {
      listener.notice(
          "%s: has %d bytes, the Hub says %d; downloading it again"
              .formatted(blob, size, file.size()));
      return false;
    }
    return true;
  }

  private void advance(RemoteFile file, long bytes) {
    done += bytes;
    listener.progress(file.name(), done, total);
  }
}
