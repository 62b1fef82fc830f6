package io.github.bunvec.loader;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of a file, mapped: no heap, and no limit of 2 GiB. Safe for use by several threads. */
final class MappedFile implements AutoCloseable {

  private final Path path;
  private final String label;
  private final Arena arena;
  private final MemorySegment bytes;

  private MappedFile(Path path, String label, Arena arena, MemorySegment bytes) {
    this.path = path;
    this.label = label;
    this.arena = arena;
    this.bytes = bytes;
  }

  /** Makes something of a file that then owns it. */
  interface Reading<T> {
    T read(MappedFile file) throws IOException;
  }

  /**
   * Maps a file and reads it; it is closed again if that fails.
   *
   * @param label the name of the file in messages
   */
  static <T> T open(Path path, String label, Reading<T> reading) throws IOException {
    MappedFile file = open(path, label);
    boolean read = false;
    try {
      T result = reading.read(file);
      read = true;
      return result;
    } finally {
      if (!read) {
        file.close();
      }
    }
  }

  /**
   * Maps a file; one inside an archive, which cannot be mapped, is read into memory.
   *
   * @param label the name of the file in messages
   */
  private static MappedFile open(Path path, String label) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString(), null, "does not exist");
    }
    if (!Files.isRegularFile(path)) {
      throw new FileSystemException(path.toString(), null, "is not a regular file");
    }
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try {
      MappedFile result = new MappedFile(path, label, arena, bytes(path, arena));
      opened = true;
      return result;
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  private static MemorySegment bytes(Path path, Arena arena) throws IOException {
    if (path.getFileSystem() == FileSystems.getDefault()) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      }
    }
    byte[] content = Files.readAllBytes(path);
    MemorySegment copy = arena.allocate(content.length);
    MemorySegment.copy(content, 0, copy, ValueLayout.JAVA_BYTE, 0, content.length);
    return copy.asReadOnly();
  }

  Path path() {
    return path;
  }

  String label() {
    return label;
  }

  MemorySegment bytes() {
    return bytes;
  }

  /** Returns new memory that lives as long as the file is open. */
  MemorySegment allocate(long size) {
    return arena.allocate(size, 8);
  }

  void requireOpen() {
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException(label + " is closed");
    }
  }

  CheckpointException wrong(String what) {
    return new CheckpointException(label + ": " + what);
  }

  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
