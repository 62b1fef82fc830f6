package io.github.bunvec.kernels.cuda.nvrtc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Machine code of kernels in files, one each, for any number of processes at once.
 *
 * <p>A file appears whole or not at all: it is written under another name and moved. Two that miss
 * it both compile, and either's file is as good. It is a cache: any file may be deleted at any
 * time.
 *
 * @param folder where the files are
 */
record CubinCache(Path folder) {

  /**
   * Returns the one of the user, {@code $XDG_CACHE_HOME/bunvec/cubin} or {@code
   * ~/.cache/bunvec/cubin}; nothing where the user has no home.
   */
  static Optional<CubinCache> of(Map<String, String> environment) {
    String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    if (caches.isEmpty() && home.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path folder = caches.isEmpty() ? Path.of(home, ".cache") : Path.of(caches);
      return Optional.of(new CubinCache(folder.resolve("bunvec/cubin").toAbsolutePath()));
    } catch (InvalidPathException e) {
      throw new IllegalStateException(
          "XDG_CACHE_HOME is '" + caches + "' and HOME '" + home + "', one of them no path", e);
    }
  }

  /**
   * Returns the cubin from its file, or has it compiled and keeps it.
   *
   * @param key what it depends on
   * @param compiler called where there is no good file
   * @param remarks takes what went wrong with files, a sentence each; the result is good all the
   *     same
   */
  byte[] get(CubinKey key, Supplier<byte[]> compiler, Consumer<String> remarks) {
    Path file = folder.resolve(key.fileName());
    Optional<byte[]> kept = read(file, key, remarks);
    if (kept.isPresent()) {
      return kept.get();
    }
    byte[] cubin = compiler.get();
    write(file, CubinFile.encode(key, cubin), remarks);
    return cubin;
  }

  private static Optional<byte[]> read(Path file, CubinKey key, Consumer<String> remarks) {
    try {
      return Optional.of(CubinFile.decode(key, Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (CubinFile.DamagedException e) {
      remarks.accept(file + " was damaged and is made anew: " + e.getMessage());
    } catch (IOException e) {
      remarks.accept(file + " cannot be read: " + e);
    }
    return Optional.empty();
  }

  private void write(Path file, byte[] bytes, Consumer<String> remarks) {
    try {
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, file.getFileName() + ".", ".part");
      try {
        Files.write(part, bytes);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      remarks.accept(
          "kernels are compiled at every start, because their machine code cannot be kept in "
              + folder
              + " ("
              + e
              + "); make it writable, or set XDG_CACHE_HOME to a folder that is");
    }
  }
}
