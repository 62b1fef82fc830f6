package io.github.bunvec.tokenizer.mecab;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * A MeCab dictionary: known words, unknown-word templates, connection costs and character
 * categories, in the binary format of MeCab 0.996 in UTF-8. Immutable; safe for concurrent use.
 *
 * <p>The bytes live outside the heap (mapped or copied) until the dictionary is unreachable.
 */
public final class Dictionary {

  /** The file of the known words. */
  public static final String SYSTEM = "sys.dic";

  /** The file of the unknown-word templates. */
  public static final String UNKNOWN = "unk.dic";

  /** The file of the connection costs. */
  public static final String MATRIX = "matrix.bin";

  /** The file of the character categories. */
  public static final String CHARACTERS = "char.bin";

  /** MeCab's limit on a run of one category, beyond its first character. */
  private static final int DEFAULT_MAX_GROUPING = 24;

  private final Lexicon[] lexicons; // the system dictionary, then user dictionaries
  private final ConnectionCosts costs;
  private final CharacterDefinition characters;
  private final long[][] unknownTokens; // [category][template], packed as by Lexicon.token
  private final int maxGrouping;

  private Dictionary(
      Lexicon[] lexicons,
      ConnectionCosts costs,
      CharacterDefinition characters,
      long[][] unknownTokens,
      int maxGrouping) {
    this.lexicons = lexicons;
    this.costs = costs;
    this.characters = characters;
    this.unknownTokens = unknownTokens;
    this.maxGrouping = maxGrouping;
    for (Lexicon lexicon : lexicons) {
      checkSizes(lexicon, costs);
    }
  }

  private static Dictionary of(
      Lexicon words, Lexicon unknown, ConnectionCosts costs, CharacterDefinition characters) {
    checkSizes(words, costs);
    checkSizes(unknown, costs);
    List<String> names = characters.names();
    long[][] tokens = new long[names.size()][];
    for (int category = 0; category < tokens.length; category++) {
      tokens[category] = unknown.tokens(names.get(category));
    }
    return new Dictionary(new Lexicon[] {words}, costs, characters, tokens, DEFAULT_MAX_GROUPING);
  }

  private static void checkSizes(Lexicon lexicon, ConnectionCosts costs) {
    if (lexicon.leftSize() != costs.leftSize() || lexicon.rightSize() != costs.rightSize()) {
      throw new DictionaryException(
          "%s: is made for a matrix of %d x %d, %s has %d x %d; take both from one dictionary"
              .formatted(
                  lexicon.name(),
                  lexicon.leftSize(),
                  lexicon.rightSize(),
                  costs.name(),
                  costs.leftSize(),
                  costs.rightSize()));
    }
  }

  /**
   * Makes a dictionary of its four parts.
   *
   * @param system the bytes of sys.dic
   * @param unknown the bytes of unk.dic
   * @param matrix the bytes of matrix.bin
   * @param characters the bytes of char.bin; segments on the heap are copied, native ones are read
   *     in place and must stay alive and unchanged
   * @return the dictionary
   * @throws DictionaryException if a part is damaged or they do not belong together
   */
  public static Dictionary of(
      MemorySegment system, MemorySegment unknown, MemorySegment matrix, MemorySegment characters) {
    return of(
        new Lexicon(SYSTEM, outsideHeap(system), Lexicon.TYPE_SYSTEM),
        new Lexicon(UNKNOWN, outsideHeap(unknown), Lexicon.TYPE_UNKNOWN),
        new ConnectionCosts(MATRIX, outsideHeap(matrix)),
        new CharacterDefinition(CHARACTERS, outsideHeap(characters)));
  }

  /**
   * Opens a dictionary directory, mapping its files into memory.
   *
   * <p>Headers and sizes are checked; damage behind them is told by a {@link DictionaryException}
   * when a text leads to it. The files must not be changed or cut while they are in use.
   *
   * @param directory a directory with sys.dic, unk.dic, matrix.bin and char.bin
   * @return the dictionary
   * @throws DictionaryException if a file is missing or damaged, or they do not belong together
   * @throws IOException if a file cannot be read
   */
  public static Dictionary open(Path directory) throws IOException {
    for (String name : List.of(SYSTEM, UNKNOWN, MATRIX, CHARACTERS)) {
      if (!Files.isRegularFile(directory.resolve(name))) {
        throw new DictionaryException(
            "%s: is missing; a MeCab dictionary directory holds %s, %s, %s and %s"
                .formatted(directory.resolve(name), SYSTEM, UNKNOWN, MATRIX, CHARACTERS));
      }
    }
    Path matrix = directory.resolve(MATRIX);
    Path characters = directory.resolve(CHARACTERS);
    return of(
        lexicon(directory.resolve(SYSTEM), Lexicon.TYPE_SYSTEM),
        lexicon(directory.resolve(UNKNOWN), Lexicon.TYPE_UNKNOWN),
        new ConnectionCosts(matrix.toString(), map(matrix)),
        new CharacterDefinition(characters.toString(), map(characters)));
  }

  /**
   * Returns this dictionary with further words, as MeCab's option {@code -u} adds them.
   *
   * @param files user dictionaries compiled by mecab-dict-index for this dictionary; among words of
   *     equal cost those of a later file win
   * @return a dictionary that shares this one's memory
   * @throws DictionaryException if a file is missing, damaged, no user dictionary or made for
   *     another dictionary
   * @throws IOException if a file cannot be read
   */
  public Dictionary withUserDictionaries(List<Path> files) throws IOException {
    Lexicon[] all = Arrays.copyOf(lexicons, lexicons.length + files.size());
    for (int i = 0; i < files.size(); i++) {
      if (!Files.isRegularFile(files.get(i))) {
        throw new DictionaryException(files.get(i) + ": is missing; expected a user dictionary");
      }
      all[lexicons.length + i] = lexicon(files.get(i), Lexicon.TYPE_USER);
    }
    return new Dictionary(all, costs, characters, unknownTokens, maxGrouping);
  }

  /**
   * Returns this dictionary with another limit on unknown words, as MeCab's option {@code
   * --max-grouping-size} sets it.
   *
   * @param characters the longest run of related characters that makes an unknown word, not
   *     counting its first one; default 24
   * @return a dictionary that shares this one's memory
   * @throws IllegalArgumentException if less than 1
   */
  public Dictionary withMaxGroupingSize(int characters) {
    if (characters < 1) {
      throw new IllegalArgumentException(
          "maximum grouping size is " + characters + ", expected at least 1");
    }
    return new Dictionary(lexicons, costs, this.characters, unknownTokens, characters);
  }

  private static Lexicon lexicon(Path file, int type) throws IOException {
    return new Lexicon(file.toString(), map(file), type);
  }

  private static MemorySegment map(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    } catch (NoSuchFileException e) {
      throw new IOException(file + " went away while it was opened", e);
    }
  }

  /**
   * One kind of memory at every access: mixing heap and native segments makes each of them slow.
   */
  private static MemorySegment outsideHeap(MemorySegment bytes) {
    if (bytes.isNative()) {
      return bytes;
    }
    return Arena.ofAuto()
        .allocate(Math.max(1, bytes.byteSize()), 8)
        .asSlice(0, bytes.byteSize())
        .copyFrom(bytes);
  }

  /** Returns the system dictionary's words, then those of the user dictionaries. */
  Lexicon[] lexicons() {
    return lexicons;
  }

  int maxGrouping() {
    return maxGrouping;
  }

  ConnectionCosts costs() {
    return costs;
  }

  CharacterDefinition characters() {
    return characters;
  }

  /** Returns the templates of a category's unknown words, packed as by {@link Lexicon#token}. */
  long[] unknownTokens(int category) {
    return unknownTokens[category];
  }
}
