package io.github.bunvec.loader;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes safetensors files, right and wrong ones. */
final class SafetensorsBytes {

  private SafetensorsBytes() {}

  /** A file of this header and so many bytes of data, 0, 1, 2, ... */
  static byte[] of(String header, int dataLength) {
    byte[] data = new byte[dataLength];
    for (int i = 0; i < dataLength; i++) {
      data[i] = (byte) i;
    }
    return of(header.getBytes(StandardCharsets.UTF_8), data);
  }

  static byte[] of(byte[] header, byte[] data) {
    return ByteBuffer.allocate(8 + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(data)
        .array();
  }

  /** A header entry. */
  static String entry(String name, String dtype, String shape, long begin, long end) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(name, dtype, shape, begin, end);
  }

  /** Writes F32 tensors of these shapes, in the map's order; element i of each is i. */
  static void writeFloats(Path file, Map<String, long[]> shapes) throws IOException {
    StringBuilder header = new StringBuilder("{");
    long end = 0;
    for (var tensor : shapes.entrySet()) {
      long begin = end;
      end += 4 * count(tensor.getValue());
      header.append(header.length() == 1 ? "" : ",");
      String shape = java.util.Arrays.toString(tensor.getValue());
      header.append(entry(tensor.getKey(), "F32", shape, begin, end));
    }
    var data = ByteBuffer.allocate(Math.toIntExact(end)).order(ByteOrder.LITTLE_ENDIAN);
    for (long[] shape : shapes.values()) {
      for (int i = 0; i < count(shape); i++) {
        data.putFloat(i);
      }
    }
    byte[] json = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
    Files.write(file, of(json, data.array()));
  }

  private static long count(long[] shape) {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    return count;
  }
}
