package io.github.bunvec.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One model's part of the cache that huggingface_hub and its users share:
 *
 * <pre>
 * models--ORG--NAME/blobs/ETAG                    content
 * models--ORG--NAME/refs/REVISION                 the commit a branch or tag stood for
 * models--ORG--NAME/snapshots/COMMIT/PATH         link to the blob
 * models--ORG--NAME/.no_exist/COMMIT/PATH         the commit has no such file
 * .locks/models--ORG--NAME/ETAG.lock
 * </pre>
 *
 * <p>Whatever others may read appears in one step (a rename), so that it is whole or not there.
 */
final class CacheFiles {

  private static final long MAX_REF = 100;

  private final Path root;
  private final Path folder;
  private final Path locks;
  private final Linker linker;

  /** Makes symbolic links where the system has them. */
  interface Linker {
    void link(Path link, Path target) throws IOException;
  }

  CacheFiles(Path root, ModelId model, Linker linker) {
    String name = "models--" + model.repository().replace("/", "--");
    this.root = root;
    this.folder = root.resolve(name);
    this.locks = root.resolve(".locks").resolve(name);
    this.linker = linker;
  }

  Path blob(String etag) {
    return folder.resolve("blobs").resolve(etag);
  }

  /** Not the {@code ETAG.incomplete} of huggingface_hub, whose locks Java does not see (0019). */
  Path partial(String etag) {
    return folder.resolve("blobs").resolve(etag + ".bunvec.incomplete");
  }

  Path lock(String etag) {
    return locks.resolve(etag + ".lock");
  }

  Path snapshot(String commit) {
    return folder.resolve("snapshots").resolve(commit);
  }

  Path pointer(String commit, String name) {
    return snapshot(commit).resolve(name);
  }

  private Path ref(String revision) {
    return folder.resolve("refs").resolve(revision);
  }

  private Path absent(String commit, String name) {
    return folder.resolve(".no_exist").resolve(commit).resolve(name);
  }

  /** Returns the commit a revision stood for when it was last looked up; null if never. */
  @Nullable String commit(ModelId model) throws IOException {
    if (model.namesCommit()) {
      return Files.isDirectory(snapshot(model.revision())) ? model.revision() : null;
    }
    Path ref = ref(model.revision());
    try {
      String text = Files.size(ref) > MAX_REF ? "" : Files.readString(ref).strip();
      if (!ModelId.isCommit(text)) {
        throw new HubException(ref + ": is no commit of 40 hexadecimal digits; delete it");
      }
      return Files.isDirectory(snapshot(text)) ? text : null;
    } catch (NoSuchFileException e) {
      return null;
    } catch (FileSystemException e) {
      throw unusable(ref, e);
    }
  }

  /** Returns the names of all files of a snapshot. */
  NavigableSet<String> names(String commit) throws IOException {
    Path snapshot = snapshot(commit);
    NavigableSet<String> names = new TreeSet<>();
    if (Files.isDirectory(snapshot)) {
      try (Stream<Path> paths = Files.walk(snapshot)) {
        // A link whose blob has gone is no regular file.
        paths
            .filter(Files::isRegularFile)
            .forEach(path -> names.add(snapshot.relativize(path).toString().replace('\\', '/')));
      } catch (UncheckedIOException e) {
        throw unusable(snapshot, new IOException(e.getMessage(), e));
      }
    }
    return names;
  }

  boolean has(String commit, String name) {
    return Files.isRegularFile(pointer(commit, name));
  }

  boolean isMarkedAbsent(String commit, String name) {
    return Files.exists(absent(commit, name));
  }

  void markAbsent(String commit, String name) throws IOException {
    Path marker = absent(commit, name);
    if (!Files.exists(marker)) {
      createParent(marker);
      Files.write(marker, new byte[0]);
    }
  }

  void writeRef(ModelId model, String commit) throws IOException {
    if (model.namesCommit() || commit.equals(storedRef(model))) {
      return;
    }
    Path ref = ref(model.revision());
    createParent(ref);
    Path temporary = temporary();
    Files.write(temporary, commit.getBytes(StandardCharsets.US_ASCII));
    replace(temporary, ref);
  }

  private String storedRef(ModelId model) throws IOException {
    try {
      return Files.readString(ref(model.revision()));
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  /**
   * Makes a blob appear in a snapshot: by a relative link, or, where the system has no links, by
   * moving a blob that is new and copying one that others may use.
   */
  void point(String commit, String name, String etag, boolean fresh) throws IOException {
    Path pointer = pointer(commit, name);
    Path blob = blob(etag);
    createParent(pointer);
    Path temporary = temporary();
    try {
      linker.link(temporary, parent(pointer).relativize(blob));
    } catch (UnsupportedOperationException | FileSystemException e) {
      if (fresh) {
        replace(blob, pointer);
        return;
      }
      Files.copy(blob, temporary);
    }
    replace(temporary, pointer);
  }

  private Path temporary() {
    return folder.resolve("tmp_" + UUID.randomUUID());
  }

  static void replace(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(from);
      throw e;
    }
  }

  static void createParent(Path file) throws IOException {
    Files.createDirectories(parent(file));
  }

  /** Every file of the cache lies in a directory. */
  static Path parent(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent());
  }

  Path root() {
    return root;
  }

  /** An exception that says what to do about a cache that cannot be written or read. */
  HubException unusable(Path where, IOException cause) {
    return new HubException(
        "%s: %s; the cache is %s, HF_HUB_CACHE names another".formatted(where, reason(cause), root),
        cause);
  }

  static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    return failure instanceof FileSystemException || failure.getMessage() == null
        ? failure.getClass().getSimpleName()
        : failure.getMessage();
  }
}
