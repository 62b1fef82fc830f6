package io.github.bunvec.tokenizer.mecab;

import io.github.bunvec.tokenizer.trie.DoubleArrayBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the four parts of a dictionary in MeCab's binary format, without features (part of speech,
 * reading): segmentation does not need them.
 */
public final class DictionaryCompiler {

  private static final int MAX_TOKENS = 0xFF;
  private static final int MAX_WORD_BYTES = 0xFFFF;

  /**
   * One sense of a word.
   *
   * @param surface the word as written
   * @param leftId the id that connects it to the word before
   * @param rightId the id that connects it to the word after
   * @param cost its cost
   */
  public record Entry(String surface, int leftId, int rightId, int cost) {}

  /**
   * A category of characters and how unknown words are made of it.
   *
   * @param name the name; unknown words take the entries of this surface
   * @param invoke whether they are made even where the dictionary has words
   * @param group whether a run of the category is one
   * @param length up to how many characters, one by one, are one; 0 to 15
   */
  public record Category(String name, boolean invoke, boolean group, int length) {}

  /**
   * A range of characters and its categories; a later range overrides an earlier one.
   *
   * @param first the first character
   * @param last the last character, below U+FFFF
   * @param categories names of categories, the default one first
   */
  public record Range(int first, int last, List<String> categories) {}

  private final int leftSize;
  private final int rightSize;

  /**
   * Creates a compiler.
   *
   * @param leftSize how many right ids there are (they count on the left of a connection)
   * @param rightSize how many left ids there are
   */
  public DictionaryCompiler(int leftSize, int rightSize) {
    this.leftSize = leftSize;
    this.rightSize = rightSize;
  }

  /**
   * Writes sys.dic.
   *
   * @param entries the words; the order of one surface's entries decides ties
   * @return the file's bytes
   * @throws IllegalArgumentException if an entry does not fit the format
   */
  public byte[] system(List<Entry> entries) {
    return lexicon(Lexicon.TYPE_SYSTEM, entries);
  }

  /**
   * Writes unk.dic.
   *
   * @param entries the unknown words' templates, their surfaces being names of categories
   * @return the file's bytes
   * @throws IllegalArgumentException if an entry does not fit the format
   */
  public byte[] unknown(List<Entry> entries) {
    return lexicon(Lexicon.TYPE_UNKNOWN, entries);
  }

  /**
   * Writes matrix.bin.
   *
   * @param costs [rightSize, leftSize]: the cost of a left id after a right id
   * @return the file's bytes
   * @throws IllegalArgumentException if there are more or fewer costs
   */
  public byte[] matrix(short[] costs) {
    if (costs.length != leftSize * rightSize) {
      throw new IllegalArgumentException(
          "%d costs, a matrix of %d x %d has %d"
              .formatted(costs.length, leftSize, rightSize, leftSize * rightSize));
    }
    byte[] file = new byte[ConnectionCosts.HEADER_BYTES + 2 * costs.length];
    ByteBuffer out = littleEndian(file);
    out.putShort((short) leftSize).putShort((short) rightSize);
    out.asShortBuffer().put(costs);
    return file;
  }

  /**
   * Writes char.bin.
   *
   * @param categories the categories; characters in no range belong to the first
   * @param ranges the ranges
   * @return the file's bytes
   * @throws IllegalArgumentException if there are too many categories or a range names none of them
   */
  public static byte[] characters(List<Category> categories, List<Range> ranges) {
    if (categories.isEmpty() || categories.size() > CharacterDefinition.MAX_CATEGORIES) {
      throw new IllegalArgumentException(
          "%d categories, expected 1 to %d"
              .formatted(categories.size(), CharacterDefinition.MAX_CATEGORIES));
    }
    Map<String, Integer> numbers = new LinkedHashMap<>();
    categories.forEach(category -> numbers.put(category.name(), numbers.size()));
    int[] information = new int[CharacterDefinition.ENTRIES];
    Arrays.fill(information, information(categories.getFirst(), 0, 1));
    for (Range range : ranges) {
      int mask = 0;
      for (String name : range.categories()) {
        Integer number = numbers.get(name);
        if (number == null) {
          throw new IllegalArgumentException(range + ": there is no category " + name);
        }
        mask |= 1 << number;
      }
      int number = numbers.getOrDefault(range.categories().getFirst(), 0);
      int bits = information(categories.get(number), number, mask);
      Arrays.fill(information, range.first(), range.last() + 1, bits);
    }
    byte[] file =
        new byte[4 + CharacterDefinition.NAME_BYTES * categories.size() + 4 * information.length];
    ByteBuffer out = littleEndian(file);
    out.putInt(categories.size());
    for (Category category : categories) {
      byte[] name = category.name().getBytes(StandardCharsets.UTF_8);
      out.put(Arrays.copyOf(name, CharacterDefinition.NAME_BYTES));
    }
    out.asIntBuffer().put(information);
    return file;
  }

  private static int information(Category category, int number, int mask) {
    return mask
        | number << 18
        | category.length() << 26
        | (category.group() ? 1 << 30 : 0)
        | (category.invoke() ? 1 << 31 : 0);
  }

  /** Writes a lexicon of one of the {@link Lexicon} types. */
  byte[] lexicon(int type, List<Entry> entries) {
    Map<byte[], List<Entry>> bySurface = new TreeMap<>(Arrays::compareUnsigned);
    for (Entry entry : entries) {
      byte[] surface = entry.surface().getBytes(StandardCharsets.UTF_8);
      check(entry, surface);
      bySurface.computeIfAbsent(surface, any -> new ArrayList<>(2)).add(entry);
    }
    byte[][] keys = bySurface.keySet().toArray(byte[][]::new);
    int[] values = new int[keys.length];
    byte[] tokens = new byte[Lexicon.TOKEN_BYTES * entries.size()];
    ByteBuffer tokensOut = littleEndian(tokens);
    int index = 0;
    for (List<Entry> same : bySurface.values()) {
      if (same.size() > MAX_TOKENS) {
        throw new IllegalArgumentException(
            "%s: %d entries, a surface can have %d"
                .formatted(same.getFirst().surface(), same.size(), MAX_TOKENS));
      }
      int firstToken = tokensOut.position() / Lexicon.TOKEN_BYTES;
      values[index++] = (firstToken << 8) | same.size();
      same.forEach(entry -> putToken(tokensOut, entry));
    }
    int[] units = DoubleArrayBuilder.build(keys, values);
    return assemble(type, entries.size(), units, tokens);
  }

  private void check(Entry entry, byte[] surface) {
    if (surface.length == 0
        || surface.length > MAX_WORD_BYTES
        || entry.leftId() < 0
        || entry.leftId() >= rightSize
        || entry.rightId() < 0
        || entry.rightId() >= leftSize
        || entry.cost() != (short) entry.cost()) {
      throw new IllegalArgumentException(
          "%s: expected a surface of 1 to %d bytes, ids below %d and %d, a cost of 16 bits"
              .formatted(entry, MAX_WORD_BYTES, rightSize, leftSize));
    }
  }

  private static void putToken(ByteBuffer tokens, Entry entry) {
    tokens.putShort((short) entry.leftId()).putShort((short) entry.rightId());
    tokens.putShort((short) 0).putShort((short) entry.cost());
    tokens.putInt(0).putInt(0);
  }

  private byte[] assemble(int type, int words, int[] units, byte[] tokens) {
    int size = Lexicon.HEADER_BYTES + 4 * units.length + tokens.length;
    byte[] file = new byte[size];
    ByteBuffer out = littleEndian(file);
    out.putInt(Lexicon.MAGIC ^ size).putInt(Lexicon.VERSION).putInt(type).putInt(words);
    out.putInt(leftSize).putInt(rightSize);
    out.putInt(4 * units.length).putInt(tokens.length).putInt(0).putInt(0);
    out.put(Lexicon.CHARSET_OFFSET, "UTF-8".getBytes(StandardCharsets.US_ASCII));
    out.position(Lexicon.HEADER_BYTES);
    for (int unit : units) {
      out.putInt(unit);
    }
    out.put(tokens);
    return file;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
