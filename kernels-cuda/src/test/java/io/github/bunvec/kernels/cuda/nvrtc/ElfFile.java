package io.github.bunvec.kernels.cuda.nvrtc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads what tests ask of a cubin: a 64-bit little-endian ELF file [System V ABI, chapter 4]. */
final class ElfFile {

  private static final int SYMBOL_TABLE = 2; // SHT_SYMTAB
  private static final int GLOBAL_FUNCTION = 0x12; // STB_GLOBAL, STT_FUNC
  private static final int SYMBOL_BYTES = 24;

  private final ByteBuffer bytes;
  private final int sections;
  private final int sectionBytes;
  private final int count;

  ElfFile(byte[] file) {
    this.bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getInt(0) != 0x464c457f || bytes.get(4) != 2 || bytes.get(5) != 1) {
      throw new IllegalArgumentException("no 64-bit little-endian ELF file");
    }
    this.sections = Math.toIntExact(bytes.getLong(0x28));
    this.sectionBytes = bytes.getShort(0x3a);
    this.count = bytes.getShort(0x3c);
  }

  /** Returns the names of the functions that others can see: a cubin's entry points. */
  SortedSet<String> globalFunctions() {
    SortedSet<String> names = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      int section = sections + i * sectionBytes;
      if (bytes.getInt(section + 4) == SYMBOL_TABLE) {
        int strings = offset(sections + bytes.getInt(section + 0x28) * sectionBytes);
        int end = offset(section) + Math.toIntExact(bytes.getLong(section + 0x20));
        for (int symbol = offset(section); symbol < end; symbol += SYMBOL_BYTES) {
          if (bytes.get(symbol + 4) == GLOBAL_FUNCTION) {
            names.add(text(strings + bytes.getInt(symbol)));
          }
        }
      }
    }
    return names;
  }

  private int offset(int section) {
    return Math.toIntExact(bytes.getLong(section + 0x18));
  }

  private String text(int from) {
    int to = from;
    while (bytes.get(to) != 0) {
      to++;
    }
    return new String(bytes.array(), from, to - from, StandardCharsets.US_ASCII);
  }
}
