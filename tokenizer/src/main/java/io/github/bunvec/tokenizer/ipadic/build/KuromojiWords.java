package io.github.bunvec.tokenizer.ipadic.build;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.ObjIntConsumer;

/**
 * The surfaces of Kuromoji's dictionary and the word ids of each.
 *
 * <p>doubleArrayTrie.bin (big-endian): a byte (1: a child is at base + char, 0: at index + base +
 * char), number of slots, number of tail chars, base of each slot, check (the parent's index) of
 * each slot, the tail. A base from 100,000,000 on points into the tail, where the rest of the only
 * key below stands, ended by U+0001. The root is slot 0 with base 1.
 *
 * <p>tokenInfoTargetMap.bin: n and n ints, the place of each slot's word ids or -1; m and m ints,
 * at each place the number of ids, then the ids.
 */
final class KuromojiWords {

  private static final int TAIL = 100_000_000;
  private static final char END = '\u0001';

  private final boolean absolute;
  private final IntBuffer bases;
  private final IntBuffer checks;
  private final CharBuffer tail;
  private final IntBuffer places;
  private final IntBuffer wordIds;

  KuromojiWords(DataInputStream trie, DataInputStream targets) throws IOException {
    absolute = trie.readBoolean();
    int slots = trie.readInt();
    int tailSize = trie.readInt();
    bases = bytes(trie, 4 * slots).asIntBuffer();
    checks = bytes(trie, 4 * slots).asIntBuffer();
    tail = bytes(trie, 2 * tailSize).asCharBuffer();
    places = bytes(targets, 4 * targets.readInt()).asIntBuffer();
    wordIds = bytes(targets, 4 * targets.readInt()).asIntBuffer();
  }

  /** Calls for every pair of surface and word id. */
  void forEach(ObjIntConsumer<String> action) {
    for (int slot = 1; slot < Math.min(places.limit(), bases.limit()); slot++) {
      int place = places.get(slot);
      if (place < 0) {
        continue;
      }
      String surface = surface(slot);
      for (int i = 1; i <= wordIds.get(place); i++) {
        action.accept(surface, wordIds.get(place + i));
      }
    }
  }

  private String surface(int slot) {
    StringBuilder backwards = new StringBuilder();
    for (int child = slot; child != 0; child = checks.get(child)) {
      int parent = checks.get(child);
      int base = parent == 0 ? 1 : bases.get(parent);
      backwards.append((char) (child - base - (absolute ? 0 : parent)));
    }
    // Units of a surrogate pair were appended last first: turn the chars, not the characters.
    char[] chars = new char[backwards.length()];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = backwards.charAt(chars.length - 1 - i);
    }
    StringBuilder surface = new StringBuilder().append(chars);
    if (bases.get(slot) >= TAIL) {
      for (int i = bases.get(slot) - TAIL; tail.get(i) != END; i++) {
        surface.append(tail.get(i));
      }
    }
    return surface.toString();
  }

  /** Reads so many bytes, big-endian. */
  static ByteBuffer bytes(DataInputStream in, int size) throws IOException {
    byte[] bytes = new byte[size];
    in.readFully(bytes);
    return ByteBuffer.wrap(bytes);
  }

  /** Reads an array of strings in modified UTF-8. */
  static String[] strings(DataInputStream in) throws IOException {
    String[] strings = new String[in.readInt()];
    for (int i = 0; i < strings.length; i++) {
      byte[] bytes = new byte[in.readUnsignedShort()];
      in.readFully(bytes);
      strings[i] = new String(bytes, StandardCharsets.UTF_8);
    }
    return strings;
  }
}
