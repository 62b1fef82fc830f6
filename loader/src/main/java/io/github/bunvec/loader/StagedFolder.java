package io.github.bunvec.loader;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A new folder that is there whole or not at all: it is filled under another name beside its place
 * and gets its own when {@link #complete} is called. Not thread-safe.
 */
public final class StagedFolder implements AutoCloseable {

  private final Path target;
  private final Path part;
  private boolean complete;

  private StagedFolder(Path target, Path part) {
    this.target = target;
    this.part = part;
  }

  /**
   * Begins a folder.
   *
   * @param folder where it will be; must not exist
   * @return the folder, empty
   * @throws NoSuchFileException if the folder it is to lie in is missing
   * @throws FileAlreadyExistsException if it exists, or another is being filled for that place
   * @throws IOException if it cannot be created
   */
  public static StagedFolder at(Path folder) throws IOException {
    if (Files.exists(folder)) {
      throw new FileAlreadyExistsException(
          folder.toString(), null, "exists already, expected the name of a new directory");
    }
    Path target = folder.toAbsolutePath().normalize();
    Path parent = target.getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new NoSuchFileException(
          parent.toString(),
          null,
          "no such directory, expected the one to write %s in".formatted(target.getFileName()));
    }
    Path part = target.resolveSibling("." + target.getFileName() + ".part");
    try {
      Files.createDirectory(part);
    } catch (FileAlreadyExistsException e) {
      FileAlreadyExistsException busy =
          new FileAlreadyExistsException(
              part.toString(),
              null,
              "exists: the same directory is being written, or its writer was killed; then delete it");
      busy.addSuppressed(e);
      throw busy;
    }
    return new StagedFolder(target, part);
  }

  /**
   * Returns where to write.
   *
   * @return the folder under its other name
   */
  public Path path() {
    return part;
  }

  /**
   * Copies a file into it. What a link leads to is copied, and not the mode: the Hub's cache may
   * hold links and read-only files.
   *
   * @param file the file
   * @param name its path in the folder, whose folders exist
   * @throws IOException if it cannot be read or written
   */
  public void copy(Path file, String name) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Files.copy(in, part.resolve(name));
    }
  }

  /**
   * Gives the folder its name.
   *
   * @throws IOException if that is not possible, because the name was taken meanwhile
   */
  public void complete() throws IOException {
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    complete = true;
  }

  /** Deletes everything unless it is complete. */
  @Override
  public void close() throws IOException {
    if (complete) {
      return;
    }
    List<Path> all;
    try (Stream<Path> paths = Files.walk(part)) {
      all = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
