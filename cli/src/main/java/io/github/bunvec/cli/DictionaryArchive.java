package io.github.bunvec.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A package as downloaded: a source archive (.tar.gz), whose digest is checked before anything is
 * unpacked, or a wheel (zip), which pip builds anew on every machine, so that only the digests of
 * the files in it are known.
 */
record DictionaryArchive(DictionaryPackage dictionary, Path file) {

  /** Far above every file of a dictionary: an archive that unpacks without end is stopped. */
  private static final long MAX_FILE_BYTES = 1L << 30;

  /**
   * Unpacks what is needed.
   *
   * @param folder an empty folder
   * @throws CommandException if the archive or a file in it is another than the known one
   * @throws IOException if it cannot be read or written
   */
  void unpack(Path folder) throws IOException {
    if (Files.isDirectory(file)) {
      throw CommandException.badInput(
          "%s: is a directory, expected the .tar.gz or wheel of %s %s; a directory with sys.dic is named by --dictionary"
              .formatted(file, dictionary.project(), dictionary.version()));
    }
    Map<String, String> found = new TreeMap<>();
    int magic;
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(2);
      magic = start.length < 2 ? 0 : (start[0] & 0xFF) << 8 | (start[1] & 0xFF);
    }
    switch (magic) {
      case 0x1F8B -> {
        check("the archive", dictionary.archiveDigest(), digestOfArchive());
        try (InputStream in = new GZIPInputStream(buffered(), 1 << 16)) {
          TarReader.read(in, (name, content) -> take(name, content, folder, found));
        }
      }
      case 'P' << 8 | 'K' -> unzip(folder, found);
      default ->
          throw CommandException.badInput(
              "%s: is no .tar.gz and no wheel of %s %s"
                  .formatted(file, dictionary.project(), dictionary.version()));
    }
    for (Map.Entry<String, String> known : new TreeMap<>(dictionary.digests()).entrySet()) {
      String digest = found.get(known.getKey());
      if (digest == null) {
        throw CommandException.badInput(
            "%s: has no %s, so it is not %s %s"
                .formatted(file, known.getKey(), dictionary.project(), dictionary.version()));
      }
      check(known.getKey(), known.getValue(), digest);
    }
  }

  private void unzip(Path folder, Map<String, String> found) throws IOException {
    try (ZipInputStream in = new ZipInputStream(buffered())) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        take(entry.getName(), in, folder, found);
      }
    }
  }

  private InputStream buffered() throws IOException {
    return new BufferedInputStream(Files.newInputStream(file), 1 << 16);
  }

  private void take(String entry, InputStream content, Path folder, Map<String, String> found)
      throws IOException {
    String target = dictionary.target(entry);
    if (target == null) {
      return;
    }
    // The name is one of a fixed set, so no entry can lead out of the folder.
    try (DigestOutputStream out =
        new DigestOutputStream(Files.newOutputStream(folder.resolve(target)), sha256())) {
      copy(target, content, out);
      found.put(target, HexFormat.of().formatHex(out.getMessageDigest().digest()));
    }
  }

  private void copy(String target, InputStream content, OutputStream out) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long size = 0;
    for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
      size += count;
      if (size > MAX_FILE_BYTES) {
        throw CommandException.badInput(
            "%s: %s in it is larger than %d bytes".formatted(file, target, MAX_FILE_BYTES));
      }
      out.write(buffer, 0, count);
    }
  }

  private void check(String what, String expected, String digest) {
    if (!expected.equals(digest)) {
      throw CommandException.badInput(
          "%s: %s is not that of %s %s: its SHA-256 is %s, expected %s"
              .formatted(file, what, dictionary.project(), dictionary.version(), digest, expected));
    }
  }

  private String digestOfArchive() throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = buffered();
        OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      in.transferTo(out);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
