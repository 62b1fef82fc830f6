package io.github.bunvec.tokenizer.mecab;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The categories of characters and how unknown words are made of them: char.bin.
 *
 * <p>Format (little-endian): u32 number of categories n, n names of 32 bytes, then 65,535 u32 of
 * character information: categories as a mask (bits 0 to 17), default category (18 to 25), length
 * (26 to 29), group (30), invoke (31).
 */
final class CharacterDefinition {

  static final int NAME_BYTES = 32;
  static final int MAX_CATEGORIES = 18;

  /** U+FFFF has no entry: MeCab reads the zeros after the mapped file, so it is of no category. */
  static final int ENTRIES = 0xFFFF;

  private static final int MASK = (1 << MAX_CATEGORIES) - 1;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final List<String> names;
  private final int[] information; // [code point of the basic plane]

  /**
   * Reads the definition.
   *
   * @throws DictionaryException if the bytes are not one
   */
  CharacterDefinition(String name, MemorySegment bytes) {
    long size = bytes.byteSize();
    long count = size < 4 ? -1 : Integer.toUnsignedLong(bytes.get(INT, 0));
    if (count < 1 || count > MAX_CATEGORIES || size != 4 + NAME_BYTES * count + 4 * ENTRIES) {
      throw new DictionaryException(
          "%s: has %d bytes and %d categories, expected 4 + %d n + %d bytes for n of 1 to %d"
              .formatted(name, size, count, NAME_BYTES, 4 * ENTRIES, MAX_CATEGORIES));
    }
    String[] read = new String[(int) count];
    for (int i = 0; i < read.length; i++) {
      byte[] bits = bytes.asSlice(4 + NAME_BYTES * i, NAME_BYTES).toArray(ValueLayout.JAVA_BYTE);
      read[i] = new String(bits, StandardCharsets.UTF_8).replaceFirst("\0.*", "");
    }
    names = List.of(read);
    information = new int[ENTRIES + 1];
    MemorySegment.copy(bytes, INT, 4 + NAME_BYTES * count, information, 0, ENTRIES);
    for (int c = 0; c < ENTRIES; c++) {
      // Runs of equal entries are long, and this loop is interpreted in a new process.
      if (c > 0 && information[c] == information[c - 1]) {
        continue;
      }
      if (category(information[c]) >= count || (information[c] & MASK) >>> count != 0) {
        throw new DictionaryException(
            "%s: U+%04X has default category %d and categories %x, there are %d categories"
                .formatted(name, c, category(information[c]), information[c] & MASK, count));
      }
    }
  }

  List<String> names() {
    return names;
  }

  /** Returns the information on a character of the basic plane. */
  int information(int character) {
    return information[character];
  }

  /**
   * Returns the information on the character at a place of a UTF-8 text. What is no whole character
   * of the basic plane before the end counts as U+0000, as it does for MeCab.
   */
  int information(byte[] text, int at, int end) {
    int b = text[at];
    if (b >= 0) {
      return information[b];
    }
    return switch (byteLength(text, at, end)) {
      case 2 -> information[(b & 0x1F) << 6 | (text[at + 1] & 0x3F)];
      case 3 -> information[(b & 0x0F) << 12 | (text[at + 1] & 0x3F) << 6 | (text[at + 2] & 0x3F)];
      default -> information[0];
    };
  }

  /** Returns how many bytes the character at a place has; 1 where none starts or it is cut. */
  static int byteLength(byte[] text, int at, int end) {
    int b = text[at] & 0xFF;
    int length = b < 0xC0 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : b < 0xF8 ? 4 : 1;
    return at + length <= end ? length : 1;
  }

  /** Returns whether two characters share a category. */
  static boolean related(int information, int other) {
    return (information & other & MASK) != 0;
  }

  /** Returns the default category, an index into {@link #names}. */
  static int category(int information) {
    return information >>> 18 & 0xFF;
  }

  /** Returns up to how many characters, one by one, unknown words are made of. */
  static int length(int information) {
    return information >>> 26 & 0xF;
  }

  /** Returns whether a run of related characters makes an unknown word. */
  static boolean group(int information) {
    return (information & 1 << 30) != 0;
  }

  /** Returns whether unknown words are made even where the dictionary has words. */
  static boolean invoke(int information) {
    return information < 0;
  }
}
