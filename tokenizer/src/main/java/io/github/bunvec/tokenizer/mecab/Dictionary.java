package io.github.bunvec.tokenizer.mecab;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

  private final Lexicon words;
  private final ConnectionCosts costs;
  private final CharacterDefinition characters;
  private final long[][] unknownTokens; // [category][template], packed as by Lexicon.token

  private Dictionary(
      Lexicon words, Lexicon unknown, ConnectionCosts costs, CharacterDefinition characters) {
    this.words = words;
    this.costs = costs;
    this.characters = characters;
    checkSizes(words);
    checkSizes(unknown);
    List<String> names = characters.names();
    unknownTokens = new long[names.size()][];
    for (int category = 0; category < unknownTokens.length; category++) {
      int value = unknown.lookup(names.get(category).getBytes(StandardCharsets.UTF_8));
      if (value < 0) {
        throw new DictionaryException(
            "%s: has no entry for the category %s of %s"
                .formatted(unknown.name(), names.get(category), CHARACTERS));
      }
      unknownTokens[category] = new long[Lexicon.tokenCount(value)];
      for (int i = 0; i < unknownTokens[category].length; i++) {
        unknownTokens[category][i] = unknown.token(Lexicon.firstToken(value) + i);
      }
    }
  }

  private void checkSizes(Lexicon lexicon) {
    if (lexicon.leftSize() != costs.leftSize() || lexicon.rightSize() != costs.rightSize()) {
      throw new DictionaryException(
          "%s: is made for a matrix of %d x %d, %s has %d x %d; take both from one dictionary"
              .formatted(
                  lexicon.name(),
                  lexicon.leftSize(),
                  lexicon.rightSize(),
                  MATRIX,
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
    return new Dictionary(
        new Lexicon(SYSTEM, outsideHeap(system), Lexicon.TYPE_SYSTEM),
        new Lexicon(UNKNOWN, outsideHeap(unknown), Lexicon.TYPE_UNKNOWN),
        new ConnectionCosts(MATRIX, outsideHeap(matrix)),
        new CharacterDefinition(CHARACTERS, outsideHeap(characters)));
  }

  /**
   * Opens a dictionary directory, mapping its files into memory.
   *
   * @param directory a directory with sys.dic, unk.dic, matrix.bin and char.bin
   * @return the dictionary
   * @throws DictionaryException if a file is missing or damaged, or they do not belong together
   * @throws IOException if a file cannot be read
   */
  public static Dictionary open(Path directory) throws IOException {
    try {
      return of(
          map(directory, SYSTEM),
          map(directory, UNKNOWN),
          map(directory, MATRIX),
          map(directory, CHARACTERS));
    } catch (DictionaryException e) {
      DictionaryException located = new DictionaryException(directory + ": " + e.getMessage());
      located.addSuppressed(e);
      throw located;
    }
  }

  private static MemorySegment map(Path directory, String name) throws IOException {
    Path file = directory.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new DictionaryException(
          name
              + ": is missing; a MeCab dictionary directory holds %s, %s, %s and %s"
                  .formatted(SYSTEM, UNKNOWN, MATRIX, CHARACTERS));
    }
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

  Lexicon words() {
    return words;
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
