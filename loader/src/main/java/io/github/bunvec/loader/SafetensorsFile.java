package io.github.bunvec.loader;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * A safetensors file, memory-mapped; files over 2 GiB too.
 *
 * <pre>
 *   u64 n, little-endian | n bytes of JSON | the tensors' bytes
 * </pre>
 *
 * Every rule of the format is checked when the file is opened, so a tensor handed out lies inside
 * it. Format: https://huggingface.co/docs/safetensors.
 */
public final class SafetensorsFile implements Checkpoint {

  /** The cap of the reference implementation. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MappedFile file;
  private final MemorySegment data;
  private final Map<String, SafetensorsHeader.Entry> entries;

  private SafetensorsFile(
      MappedFile file, MemorySegment data, Map<String, SafetensorsHeader.Entry> entries) {
    this.file = file;
    this.data = data;
    this.entries = entries;
  }

  /**
   * Maps and checks a file; one inside an archive is read into memory instead.
   *
   * @param path the file
   * @return the open file
   * @throws CheckpointException if its content breaks a rule of the format
   * @throws IOException if it cannot be read
   */
  public static SafetensorsFile open(Path path) throws IOException {
    return open(path, String.valueOf(path.getFileName()));
  }

  /**
   * Maps and checks a file.
   *
   * @param label the name of the file in messages
   */
  static SafetensorsFile open(Path path, String label) throws IOException {
    return MappedFile.open(path, label, SafetensorsFile::read);
  }

  private static SafetensorsFile read(MappedFile mapped) {
    String label = mapped.label();
    MemorySegment file = mapped.bytes();
    long size = file.byteSize();
    if (size < 8) {
      throw new CheckpointException(
          label + ": has " + size + " bytes, expected at least the 8 of a header length");
    }
    long headerLength = file.get(U64, 0);
    String found = label + ": header length is " + Long.toUnsignedString(headerLength);
    if (headerLength < 0 || headerLength > MAX_HEADER_BYTES) {
      throw new CheckpointException(
          found + ", expected at most " + MAX_HEADER_BYTES + "; is it a safetensors file?");
    }
    if (headerLength > size - 8) {
      throw new CheckpointException(
          found + ", the file has " + (size - 8) + " bytes after it; is it complete?");
    }
    MemorySegment header = file.asSlice(8, headerLength);
    if (headerLength == 0 || header.get(ValueLayout.JAVA_BYTE, 0) != '{') {
      throw new CheckpointException(label + ": header does not start with '{'");
    }
    MemorySegment data = file.asSlice(8 + headerLength);
    InputStream json = stream(header.asByteBuffer());
    return new SafetensorsFile(mapped, data, SafetensorsHeader.parse(label, json, data.byteSize()));
  }

  /** A stream over mapped bytes: a header of 100 MB is never copied. */
  private static InputStream stream(ByteBuffer bytes) {
    return new InputStream() {
      @Override
      public int read() {
        return bytes.hasRemaining() ? bytes.get() & 0xFF : -1;
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        if (length == 0) {
          return 0;
        }
        if (!bytes.hasRemaining()) {
          return -1;
        }
        int n = Math.min(length, bytes.remaining());
        bytes.get(target, offset, n);
        return n;
      }
    };
  }

  @Override
  public Set<String> names() {
    requireOpen();
    return Collections.unmodifiableSet(entries.keySet());
  }

  @Override
  public boolean contains(String name) {
    requireOpen();
    return entries.containsKey(name);
  }

  @Override
  public TensorView tensor(String name) {
    requireOpen();
    SafetensorsHeader.Entry entry = entries.get(name);
    if (entry == null) {
      throw new CheckpointException(
          file.label()
              + ": has no tensor "
              + Quoted.name(name)
              + SimilarNames.describe(name, entries.keySet()));
    }
    return new TensorView(
        entry.name(),
        entry.dtype(),
        entry.shape(),
        data.asSlice(entry.begin(), entry.end() - entry.begin()),
        Path.of(file.label()));
  }

  @Override
  public Path source() {
    return file.path();
  }

  @Override
  public String label() {
    return file.label();
  }

  @Override
  public void close() {
    file.close();
  }

  private void requireOpen() {
    file.requireOpen();
  }

  @Override
  public String toString() {
    return file.label() + " (" + entries.size() + " tensors)";
  }
}
