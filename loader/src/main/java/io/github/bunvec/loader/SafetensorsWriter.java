package io.github.bunvec.loader;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes tensors into a safetensors file, each converted on the way: memory does not grow with
 * their size. Not thread-safe.
 *
 * <p>Tensors stand in the order of Python's safetensors, the widest types first, so that each is
 * aligned, then by name; the same tensors give the same file to the byte. Format:
 * https://huggingface.co/docs/safetensors.
 */
public final class SafetensorsWriter {

  private static final int BUFFER_BYTES = 1 << 20;

  /** Types of one width stand in this order, that of the format's list of types, last to first. */
  private static final List<DType> ORDER =
      List.of(
          DType.I64,
          DType.F64,
          DType.F32,
          DType.I32,
          DType.BF16,
          DType.F16,
          DType.I16,
          DType.I8,
          DType.U8,
          DType.BOOL);

  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort BITS16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private record Item(String name, TensorView tensor, DType dtype) {
    long byteSize() {
      return tensor.elementCount() * dtype.byteSize();
    }
  }

  private final Map<String, Item> items = new LinkedHashMap<>();

  /** Creates a writer without tensors. */
  public SafetensorsWriter() {}

  /**
   * Adds a tensor.
   *
   * @param name its name in the new file
   * @param tensor must stay open until {@link #write} is done
   * @param dtype type in the new file: the tensor's own, or F32, F16 or BF16 for a floating-point
   *     tensor. Rounding goes through F32, to nearest, ties to even, as in torch
   * @return this
   * @throws IllegalArgumentException if the name is taken or the conversion is another one
   */
  public SafetensorsWriter add(String name, TensorView tensor, DType dtype) {
    boolean converts =
        tensor.dtype().isFloatingPoint() && dtype.isFloatingPoint() && dtype != DType.F64;
    if (tensor.dtype() != dtype && !converts) {
      throw new IllegalArgumentException(
          tensor.describeWithName() + ", cannot be written as " + dtype);
    }
    if (items.putIfAbsent(name, new Item(name, tensor, dtype)) != null) {
      throw new IllegalArgumentException("tensor " + Quoted.name(name) + " is added twice");
    }
    return this;
  }

  /**
   * Writes the file: under another name beside it first, so that it is there whole or not at all.
   *
   * @param file must not exist
   * @throws FileAlreadyExistsException if it does, or another write to it is under way
   * @throws IOException if it cannot be written
   * @throws IllegalStateException if a tensor's checkpoint is closed
   */
  public void write(Path file) throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString(), null, "exists already");
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    FileChannel created =
        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    boolean written = false;
    try {
      try (FileChannel channel = created) {
        writeTo(channel);
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      written = true;
    } finally {
      if (!written) {
        Files.deleteIfExists(part);
      }
    }
  }

  private void writeTo(FileChannel channel) throws IOException {
    List<Item> sorted =
        items.values().stream()
            .sorted(
                Comparator.comparingInt((Item item) -> ORDER.indexOf(item.dtype))
                    .thenComparing(
                        item -> item.name.getBytes(StandardCharsets.UTF_8),
                        Arrays::compareUnsigned))
            .toList();
    byte[] json = header(sorted).getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer header = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(padded).put(json);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    write(channel, header.flip());
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Item item : sorted) {
      if (item.dtype == item.tensor.dtype()) {
        writeBytes(channel, item.tensor.data());
      } else {
        writeConverted(channel, item, buffer);
      }
    }
  }

  private static String header(List<Item> sorted) {
    StringBuilder json = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
    long end = 0;
    for (Item item : sorted) {
      long begin = end;
      end = begin + item.byteSize();
      json.append(",\"");
      escape(item.name, json);
      json.append("\":{\"dtype\":\"").append(item.dtype).append("\",\"shape\":");
      json.append(Arrays.toString(item.tensor.shape()).replace(" ", ""));
      json.append(",\"data_offsets\":[").append(begin).append(',').append(end).append("]}");
    }
    return json.append('}').toString();
  }

  private static void escape(String name, StringBuilder json) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        default -> {
          if (c < ' ') {
            json.append("\\u%04x".formatted((int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
  }

  private static void writeBytes(FileChannel channel, MemorySegment data) throws IOException {
    long step = 1L << 30; // a buffer holds less than 2 GiB
    for (long at = 0; at < data.byteSize(); at += step) {
      long size = Math.min(step, data.byteSize() - at);
      write(channel, data.asSlice(at, size).asByteBuffer());
    }
  }

  private static void writeConverted(FileChannel channel, Item item, ByteBuffer buffer)
      throws IOException {
    MemorySegment data = item.tensor.data();
    DType from = item.tensor.dtype();
    long count = item.tensor.elementCount();
    buffer.clear();
    for (long i = 0; i < count; i++) {
      float value = floatAt(data, from, i);
      switch (item.dtype) {
        case F32 -> buffer.putFloat(value);
        case F16 -> buffer.putShort(Float.floatToFloat16(value));
        default -> buffer.putShort(toBFloat16(value));
      }
      if (!buffer.hasRemaining()) {
        write(channel, buffer.flip());
        buffer.clear();
      }
    }
    write(channel, buffer.flip());
  }

  private static float floatAt(MemorySegment data, DType dtype, long i) {
    return switch (dtype) {
      case F64 -> (float) data.get(F64, 8 * i);
      case F32 -> data.get(F32, 4 * i);
      case F16 -> Float.float16ToFloat(data.get(BITS16, 2 * i));
      default -> Float.intBitsToFloat(data.get(BITS16, 2 * i) << 16);
    };
  }

  /**
   * Rounds to the upper half of a float, to nearest, ties to even; NaN stays NaN, with its sign.
   */
  static short toBFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
