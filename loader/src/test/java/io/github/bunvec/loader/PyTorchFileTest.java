package io.github.bunvec.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two containers around the pickle, whole, cut and lying. */
class PyTorchFileTest {

  private static final int FLIPS = 4000;

  private static final byte[] PICKLE =
      Pickle.valueOfW().tensor(2, 0, new long[] {2}, new long[] {1}).asW();

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = folder.resolve("m.bin");
  }

  private void refused(String message, byte[] content) throws IOException {
    Files.write(file, content);
    var e = assertThrows(CheckpointException.class, () -> PyTorchFile.open(file).close());
    String found = String.valueOf(e.getMessage());
    assertTrue(found.startsWith("m.bin: ") && found.contains(message), found);
    assertTrue(found.length() < 1000 && found.lines().count() == 1, found);
  }

  private byte[] zip() throws IOException {
    return Files.readAllBytes(Pickle.zip(file, PICKLE, 8));
  }

  private static byte[] legacy(
      String systemInfo, byte[] pickle, String key, long count, int bytes) {
    byte[] start = HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e80024de9032e");
    byte[] system = Pickle.start().raw('}').text(systemInfo).raw(0x88, 's', '.').bytes();
    byte[] keys = Pickle.start().raw(']').text(key).raw('a', '.').bytes();
    return ByteBuffer.allocate(
            start.length + system.length + pickle.length + keys.length + 8 + bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(start)
        .put(system)
        .put(pickle)
        .put(keys)
        .putLong(count)
        .array();
  }

  @Test
  void smallestFilesOfBothForms() throws IOException {
    for (byte[] content : new byte[][] {zip(), legacy("little_endian", PICKLE, "0", 2, 8)}) {
      Files.write(file, content);
      try (var opened = PyTorchFile.open(file)) {
        assertEquals(2, opened.tensor("w").elementCount());
        assertEquals(file, opened.source());
        var e = assertThrows(CheckpointException.class, () -> opened.tensor("v"));
        assertEquals("m.bin: has no tensor 'v'; similar: 'w'", e.getMessage());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tensors.zip.bin", "tensors.legacy.bin"})
  void cutAtEveryByte(String name) throws IOException {
    byte[] whole = Files.readAllBytes(CheckpointGoldenTest.golden().resolve(name));
    for (int length = 0; length < whole.length; length++) {
      refused("", Arrays.copyOf(whole, length));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tensors.zip.bin", "tensors.legacy.bin", "protocol4.zip.bin", "zip64.bin"})
  void flippedBytesAreReadOrRefused(String name) throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    byte[] whole = Files.readAllBytes(CheckpointGoldenTest.golden().resolve(name));
    int read = 0;
    for (int i = 0; i < FLIPS; i++) {
      byte[] changed = whole.clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, changed);
      try (var opened = PyTorchFile.open(file)) {
        for (String tensor : opened.names()) {
          opened.tensor(tensor).data().toArray(ValueLayout.JAVA_BYTE);
        }
        read++;
      } catch (CheckpointException e) {
        assertTrue(String.valueOf(e.getMessage()).startsWith("m.bin: "), e.getMessage());
      } catch (RuntimeException | IOException | StackOverflowError | OutOfMemoryError e) {
        fail("seed " + seed + ", file " + i, e);
      }
    }
    String counts = "seed " + seed + ": read " + read + " of " + FLIPS;
    assertTrue(read > FLIPS / 100 && read < FLIPS * 99 / 100, counts);
  }

  @Test
  void filesOfOtherKinds() throws IOException {
    refused("has 0 bytes and is no file of torch.save", new byte[0]);
    refused("is no file of torch.save", Pickle.start().raw('}', '.').bytes());
    byte[] tar = new byte[1024];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    refused("tar form of torch before 0.1.10", tar);
    byte[] pointer =
        "version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.UTF_8);
    refused("Git LFS pointer", pointer);
    assertThrows(NoSuchFileException.class, () -> PyTorchFile.open(folder.resolve("none")).close());
  }

  private void zipRefused(String message, Map<String, byte[]> entries, int method)
      throws IOException {
    refused(message, Files.readAllBytes(Pickle.zip(folder.resolve("z"), entries, method)));
  }

  @Test
  void zipFilesOfOtherKinds() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a/data", new byte[3]);
    zipRefused("0 entries '*/data.pkl'", entries, ZipEntry.STORED);
    entries.put("a/data.pkl", PICKLE);
    zipRefused("zip entry 'a/data/0' is missing", entries, ZipEntry.STORED);
    zipRefused("is compressed (method 8)", entries, ZipEntry.DEFLATED);
    entries.put("a/byteorder", "big".getBytes(StandardCharsets.US_ASCII));
    zipRefused("big-endian files are not read", entries, ZipEntry.STORED);
    entries.put("b/data.pkl", PICKLE);
    zipRefused("2 entries '*/data.pkl'", entries, ZipEntry.STORED);
  }

  private byte[] patched(int fromEnd, int value, int width) throws IOException {
    byte[] zip = zip();
    ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    if (width == 2) {
      bytes.putShort(zip.length - fromEnd, (short) value);
    } else {
      bytes.putInt(zip.length - fromEnd, value);
    }
    return zip;
  }

  /** The end record is the last 22 bytes; before it stands the entry of archive/data/0. */
  @Test
  void lyingZipDirectories() throws IOException {
    refused("several zip disks", patched(18, 1, 2));
    refused("several zip disks", patched(12, 3, 2));
    refused("zip directory is said to have", patched(10, 1, 4));
    refused("zip directory is said to have", patched(6, -1, 4));
    refused("zip directory is said to have", patched(6, 0, 4));
    refused("no zip directory", patched(2, 1, 2));
    int entry = 22 + 46 + "archive/data/0".length();
    refused("no entry at byte", patched(entry, 0, 4));
    refused("is encrypted", patched(entry - 8, 1, 2));
    refused("is compressed (method 99)", patched(entry - 10, 99, 2));
    refused("has 7 bytes that are said to be 8", patched(entry - 20, 7, 4));
    refused("has 8 bytes that are said to be 7", patched(entry - 24, 7, 4));
    refused("reaches beyond its end", patched(entry - 28, 60_000, 2));
    refused("another name in its own header", patched(entry - 42, 0, 4));
    refused("there is no entry", patched(entry - 42, 1, 4));
    refused("there is no entry", patched(entry - 42, -2, 4));
    byte[] huge = patched(entry - 20, 1 << 30, 4);
    ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putInt(huge.length - entry + 24, 1 << 30);
    refused("the zip directory begins at byte", huge);
    byte[] overlap = Files.readAllBytes(Pickle.zip(file, PICKLE, 8));
    int first = new String(overlap, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
    for (int field : new int[] {20, 24}) {
      int size = ByteBuffer.wrap(overlap).order(ByteOrder.LITTLE_ENDIAN).getInt(first + field);
      ByteBuffer.wrap(overlap).order(ByteOrder.LITTLE_ENDIAN).putInt(first + field, size + 20);
    }
    refused("overlaps", overlap);
  }

  @Test
  void zip64() throws IOException {
    byte[] zip = zip();
    int end = zip.length - 22;
    ByteBuffer bytes = ByteBuffer.allocate(zip.length + 56 + 20).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer old = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(zip, 0, end);
    bytes.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45);
    bytes.putInt(0).putInt(0).putLong(2).putLong(2);
    bytes.putLong(old.getInt(end + 12)).putLong(old.getInt(end + 16));
    bytes.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    bytes.put(zip, end, 22);
    bytes.putInt(bytes.capacity() - 10, -1).putInt(bytes.capacity() - 6, -1);
    Files.write(file, bytes.array());
    try (var opened = PyTorchFile.open(file)) {
      assertArrayEquals(new long[] {2}, opened.tensor("w").shape());
    }
    bytes.putLong(end + 56 + 8, Long.MAX_VALUE);
    refused("zip64 directory is said to end at byte", bytes.array());
    bytes.putLong(end + 56 + 8, end).putLong(end + 32, Long.MAX_VALUE);
    refused("entries, expected at most 2", bytes.array());
  }

  @Test
  void wrongLegacyFiles() throws IOException {
    refused("little_endian=True", legacy("big_endian", PICKLE, "0", 2, 8));
    refused("which no tensor is in", legacy("little_endian", PICKLE, "1", 2, 8));
    refused("has 3 elements, its pickle says 2", legacy("little_endian", PICKLE, "0", 3, 8));
    refused("beyond the file's", legacy("little_endian", PICKLE, "0", 2, 7));
    refused("has 1 bytes after its last storage", legacy("little_endian", PICKLE, "0", 2, 9));
    byte[] empty = Pickle.start().raw('}', '.').bytes();
    refused("list of storages is a list, expected", legacy("little_endian", empty, "0", 2, 8));
    byte[] protocol = legacy("little_endian", PICKLE, "0", 2, 8);
    protocol[18] ^= 1;
    refused("protocol is the integer", protocol);
  }
}
