package io.github.bunvec.loader;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes pickles instruction by instruction, right and wrong ones, and files around them. */
final class Pickle {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  static Pickle start() {
    return new Pickle().raw(0x80, 2);
  }

  /** A dict whose value of "w" is what follows. */
  static Pickle valueOfW() {
    return start().raw('}').text("w");
  }

  /** The value of "w" ends here, and so does the pickle. */
  byte[] asW() {
    return raw('s', '.').bytes();
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  Pickle raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  Pickle text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.write('X');
    raw(utf8.length & 0xFF, utf8.length >> 8 & 0xFF, utf8.length >> 16 & 0xFF, utf8.length >> 24);
    out.writeBytes(utf8);
    return this;
  }

  Pickle integer(long value) {
    out.writeBytes(
        ByteBuffer.allocate(10)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 0x8A)
            .put((byte) 8)
            .putLong(value)
            .array());
    return this;
  }

  Pickle global(String module, String name) {
    out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  Pickle tuple(long... values) {
    raw('(');
    for (long value : values) {
      integer(value);
    }
    return raw('t');
  }

  /** A persistent storage "0". */
  Pickle storage(String type, long count) {
    raw('(').text("storage").global("torch", type).text("0").text("cpu").integer(count);
    return raw('t', 'Q');
  }

  /** A tensor over a storage "0" of floats. */
  Pickle tensor(long count, long offset, long[] shape, long[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").raw('(').storage("FloatStorage", count);
    integer(offset).tuple(shape).tuple(strides).raw(0x89);
    return global("collections", "OrderedDict").raw(')', 'R', 't', 'R');
  }

  /** Writes a zip file as torch does, with one storage "0" of so many bytes 0, 1, 2, ... */
  static Path zip(Path file, byte[] pickle, int storageBytes) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("archive/data.pkl", pickle);
    byte[] data = new byte[storageBytes];
    for (int i = 0; i < storageBytes; i++) {
      data[i] = (byte) i;
    }
    entries.put("archive/data/0", data);
    return zip(file, entries, ZipEntry.STORED);
  }

  static Path zip(Path file, Map<String, byte[]> entries, int method) throws IOException {
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (var item : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(item.getKey());
        entry.setMethod(method);
        CRC32 crc = new CRC32();
        crc.update(item.getValue());
        entry.setSize(item.getValue().length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(item.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }
}
