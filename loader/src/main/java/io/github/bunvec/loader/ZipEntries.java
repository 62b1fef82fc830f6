package io.github.bunvec.loader;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The entries of a mapped zip file as slices of it, found through its central directory and checked
 * against the entries' own headers. Only uncompressed entries, as torch.save writes all: those need
 * no copy.
 *
 * <p>Format: PKWARE APPNOTE 6.3, 4.3 (records) and 4.5.3 (zip64).
 */
final class ZipEntries {

  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END64_LOCATOR = 0x07064b50;
  private static final int END64 = 0x06064b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_BYTES = 30;
  private static final int END_BYTES = 22;
  private static final long FULL32 = 0xFFFFFFFFL;
  private static final int MAX_ENTRIES = 100_000;

  /** What lies between two positions of the file, header and data of one entry. */
  private record Extent(String name, long begin, long end) {}

  private final MappedFile file;
  private final MemorySegment bytes;
  private final Map<String, MemorySegment> entries = new LinkedHashMap<>();
  private final List<Extent> extents = new ArrayList<>();

  private ZipEntries(MappedFile file) {
    this.file = file;
    this.bytes = file.bytes();
  }

  /** Returns the data of all entries by name, in the directory's order. */
  static Map<String, MemorySegment> of(MappedFile file) {
    ZipEntries zip = new ZipEntries(file);
    zip.readDirectory();
    zip.requireNoOverlap();
    return zip.entries;
  }

  private void readDirectory() {
    long end = findEnd();
    long count = u16(end + 10);
    long size = u32(end + 12);
    long start = u32(end + 16);
    long limit = end;
    if (u16(end + 4) != 0 || u16(end + 6) != 0 || u16(end + 8) != count) {
      throw file.wrong("is one of several zip disks, expected a single file");
    }
    if (end >= 20 && u32(end - 20) == (END64_LOCATOR & FULL32)) {
      long end64 = u64(end - 12);
      limit = end - 20;
      if (end64 < 0 || end64 > limit - 56 || u32(end64) != (END64 & FULL32)) {
        throw file.wrong("zip64 directory is said to end at byte " + end64 + ", it does not");
      }
      limit = end64;
      count = u64(end64 + 32);
      size = u64(end64 + 40);
      start = u64(end64 + 48);
    }
    if (start < 0 || size < 0 || start > limit || size != limit - start) {
      throw file.wrong(
          "zip directory is said to have %s bytes from byte %s, it ends at byte %d"
              .formatted(Long.toUnsignedString(size), Long.toUnsignedString(start), limit));
    }
    if (count < 0 || count > MAX_ENTRIES || count > size / ENTRY_BYTES) {
      throw file.wrong(
          "zip directory of %d bytes is said to have %s entries, expected at most %d"
              .formatted(
                  size, Long.toUnsignedString(count), Math.min(MAX_ENTRIES, size / ENTRY_BYTES)));
    }
    long at = start;
    for (long i = 0; i < count; i++) {
      at = readEntry(at, limit, start);
    }
    if (at != limit) {
      throw file.wrong("zip directory has bytes after its " + count + " entries");
    }
  }

  /** Returns the position of the record that ends a zip file; only a comment may follow it. */
  private long findEnd() {
    long last = bytes.byteSize() - END_BYTES;
    for (long at = last; at >= 0 && at >= last - 0xFFFF; at--) {
      if (u32(at) == (END & FULL32) && u16(at + 20) == last - at) {
        return at;
      }
    }
    throw file.wrong(
        "has %d bytes and starts as a zip file, but has no zip directory; is it complete?"
            .formatted(bytes.byteSize()));
  }

  /** Reads one entry of the directory and returns where the next one begins. */
  private long readEntry(long at, long limit, long dataLimit) {
    if (at > limit - ENTRY_BYTES || u32(at) != (CENTRAL & FULL32)) {
      throw file.wrong("zip directory has no entry at byte " + at);
    }
    int nameLength = u16(at + 28);
    int extraLength = u16(at + 30);
    long next = at + ENTRY_BYTES + nameLength + extraLength + u16(at + 32);
    if (next > limit) {
      throw file.wrong("zip directory's entry at byte " + at + " reaches beyond its end");
    }
    MemorySegment nameBytes = bytes.asSlice(at + ENTRY_BYTES, nameLength);
    String name = new PickleBytes(file.label(), nameBytes).text(nameLength);
    String where = "zip entry " + Quoted.name(name);
    int method = u16(at + 10);
    if ((u16(at + 8) & 1) != 0 || method != 0) {
      throw file.wrong(
          where
              + ((u16(at + 8) & 1) != 0
                  ? " is encrypted"
                  : " is compressed (method " + method + ")")
              + ", expected plain bytes as torch.save writes them; load and save it in Python");
    }
    long[] fields = {u32(at + 24), u32(at + 20), u32(at + 42)};
    readZip64(where, fields, at + ENTRY_BYTES + nameLength, extraLength);
    if (fields[0] != fields[1]) {
      throw file.wrong(
          where + ": has " + fields[1] + " bytes that are said to be " + fields[0] + " unpacked");
    }
    entries.merge(
        name,
        data(where, nameBytes, fields[2], fields[0], dataLimit),
        (_, _) -> {
          throw file.wrong(where + " stands there twice");
        });
    return next;
  }

  /**
   * Replaces each field that is all ones by its 64-bit value in the extra field, in their order.
   */
  private void readZip64(String where, long[] fields, long extra, int extraLength) {
    long end = extra + extraLength;
    for (long at = extra; at <= end - 4; at += 4 + u16(at + 2)) {
      if (u16(at) != 1) {
        continue;
      }
      long value = at + 4;
      long valueEnd = Math.min(end, value + u16(at + 2));
      for (int i = 0; i < fields.length; i++) {
        if (fields[i] == FULL32 && value <= valueEnd - 8) {
          fields[i] = u64(value);
          value += 8;
        }
      }
      break;
    }
    for (long field : fields) {
      if (field < 0) {
        throw file.wrong(where + ": zip64 field " + Long.toUnsignedString(field) + " is too large");
      }
    }
  }

  private MemorySegment data(
      String where, MemorySegment name, long header, long size, long dataLimit) {
    if (header > dataLimit - LOCAL_BYTES || u32(header) != (LOCAL & FULL32)) {
      throw file.wrong(where + ": is said to begin at byte " + header + ", there is no entry");
    }
    long nameEnd = header + LOCAL_BYTES + u16(header + 26);
    long begin = nameEnd + u16(header + 28);
    if (begin > dataLimit || size > dataLimit - begin) {
      throw file.wrong(
          "%s: is said to have %d bytes from byte %d, the zip directory begins at byte %d"
              .formatted(where, size, begin, dataLimit));
    }
    MemorySegment own = bytes.asSlice(header + LOCAL_BYTES, u16(header + 26));
    if (own.mismatch(name) >= 0) {
      throw file.wrong(where + ": has another name in its own header");
    }
    extents.add(new Extent(where, header, begin + size));
    return bytes.asSlice(begin, size);
  }

  private void requireNoOverlap() {
    extents.sort(Comparator.comparingLong(Extent::begin));
    for (int i = 1; i < extents.size(); i++) {
      Extent before = extents.get(i - 1);
      Extent extent = extents.get(i);
      if (extent.begin < before.end) {
        throw file.wrong(extent.name + " overlaps " + before.name);
      }
    }
  }

  private int u16(long at) {
    return bytes.get(U16, at) & 0xFFFF;
  }

  private long u32(long at) {
    return bytes.get(U32, at) & FULL32;
  }

  private long u64(long at) {
    return bytes.get(U64, at);
  }
}
