package io.github.bunvec.tokenizer.ipadic.build;

import io.github.bunvec.tokenizer.mecab.Dictionary;
import io.github.bunvec.tokenizer.mecab.DictionaryCompiler;
import io.github.bunvec.tokenizer.mecab.DictionaryCompiler.Entry;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Makes MeCab's ipadic of the data in the jar com.atilika.kuromoji:kuromoji-ipadic:0.9.0.
 *
 * <p>The jar was compiled from the same mecab-ipadic 2.7.0-20070801. Four things must be put right
 * for the same dictionary as MeCab's: one character that another EUC-JP mapping made another, the
 * order of the entries of one surface, the order of a character's categories, and the flags of
 * KANJINUMERIC. A test compares the result with digests of the PyPI package ipadic 1.0.0.
 */
public final class KuromojiIpadic {

  private static final String JAR_FOLDER = "com/atilika/kuromoji/ipadic/";
  private static final String NOTICE = "META-INF/NOTICE.md";

  /**
   * Kuromoji's word ids count the lines of these files, in this order: name, lines, MeCab's rank.
   */
  private static final SourceFile[] FILES = {
    new SourceFile("Adj", 27210, 0),
    new SourceFile("Adnominal", 135, 16),
    new SourceFile("Adverb", 3032, 14),
    new SourceFile("Auxil", 199, 23),
    new SourceFile("Conjunction", 171, 10),
    new SourceFile("Filler", 19, 15),
    new SourceFile("Interjection", 252, 8),
    new SourceFile("Noun.adjv", 3328, 1),
    new SourceFile("Noun.adverbal", 795, 6),
    new SourceFile("Noun", 60477, 2),
    new SourceFile("Noun.demonst", 120, 3),
    new SourceFile("Noun.nai", 42, 11),
    new SourceFile("Noun.name", 34202, 13),
    new SourceFile("Noun.number", 42, 24),
    new SourceFile("Noun.org", 16668, 4),
    new SourceFile("Noun.others", 151, 9),
    new SourceFile("Noun.place", 72999, 17),
    new SourceFile("Noun.proper", 27327, 18),
    new SourceFile("Noun.verbal", 12146, 19),
    new SourceFile("Others", 2, 20),
    new SourceFile("Postp-col", 91, 21),
    new SourceFile("Postp", 146, 12),
    new SourceFile("Prefix", 221, 22),
    new SourceFile("Suffix", 1393, 5),
    new SourceFile("Symbol", 208, 25),
    new SourceFile("Verb", 130750, 7)
  };

  private record SourceFile(String name, int lines, int rank) {}

  /** An entry and the number of its line, had the files been in MeCab's order. */
  private record RankedEntry(long line, Entry entry) {}

  private KuromojiIpadic() {}

  /**
   * Writes the dictionary unless it is newer than the jar and this program.
   *
   * @param arguments the folder to write to
   * @throws IOException if the jar cannot be read or the folder not be written
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException(
          arguments.length + " arguments, expected one: the folder to write the dictionary to");
    }
    Path folder = Path.of(arguments[0]);
    if (!upToDate(folder.resolve(Dictionary.SYSTEM))) {
      write(folder);
    }
  }

  private static void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    short[] matrix;
    DictionaryCompiler compiler;
    try (DataInputStream in = open(JAR_FOLDER + "connectionCosts.bin")) {
      int size = in.readInt();
      ShortBuffer costs = KuromojiWords.bytes(in, in.readInt()).asShortBuffer();
      matrix = new short[size * size];
      // Kuromoji has a row for each right id, MeCab one for each left id.
      for (int rightId = 0; rightId < size; rightId++) {
        for (int leftId = 0; leftId < size; leftId++) {
          matrix[rightId + size * leftId] = costs.get(leftId + size * rightId);
        }
      }
      compiler = new DictionaryCompiler(size, size);
    }
    Files.write(folder.resolve(Dictionary.MATRIX), compiler.matrix(matrix));
    Files.write(
        folder.resolve(Dictionary.CHARACTERS),
        DictionaryCompiler.characters(IpadicCharacters.CATEGORIES, IpadicCharacters.ranges()));
    Files.write(folder.resolve(Dictionary.UNKNOWN), compiler.unknown(unknownEntries()));
    try (InputStream notice = open(NOTICE)) {
      Files.write(folder.resolve("NOTICE.md"), notice.readAllBytes());
    }
    // Last: its time says that all were written.
    Files.write(folder.resolve(Dictionary.SYSTEM), compiler.system(entries()));
  }

  private static List<Entry> entries() throws IOException {
    ByteBuffer tokens;
    try (DataInputStream in = open(JAR_FOLDER + "tokenInfoDictionary.bin")) {
      tokens = KuromojiWords.bytes(in, in.readInt());
    }
    // Five ints come first; the last three say how many shorts, bytes and ints a word has.
    int wordBytes = 2 * tokens.getInt(8) + tokens.getInt(12) + 4 * tokens.getInt(16);
    List<RankedEntry> ranked = new ArrayList<>();
    try (DataInputStream trie = open(JAR_FOLDER + "doubleArrayTrie.bin");
        DataInputStream targets = open(JAR_FOLDER + "tokenInfoTargetMap.bin")) {
      new KuromojiWords(trie, targets)
          .forEach(
              (surface, word) -> {
                int at = 20 + word * wordBytes;
                Entry entry =
                    new Entry(
                        surface.replace('\u2014', '\u2015'),
                        tokens.getShort(at),
                        tokens.getShort(at + 2),
                        tokens.getShort(at + 4));
                ranked.add(new RankedEntry(rankedLine(word), entry));
              });
    }
    ranked.sort(Comparator.comparingLong(RankedEntry::line));
    return ranked.stream().map(RankedEntry::entry).toList();
  }

  private static long rankedLine(int word) {
    int line = word;
    for (SourceFile file : FILES) {
      if (line < file.lines()) {
        return (long) file.rank() << 32 | line;
      }
      line -= file.lines();
    }
    throw new IllegalStateException("word id " + word + " is beyond the last line of all files");
  }

  private static List<Entry> unknownEntries() throws IOException {
    String[] names;
    try (DataInputStream in = open(JAR_FOLDER + "characterDefinitions.bin")) {
      skipSparseArrays(in);
      skipSparseArrays(in);
      names = KuromojiWords.strings(in);
    }
    List<Entry> entries = new ArrayList<>();
    try (DataInputStream in = open(JAR_FOLDER + "unknownDictionary.bin")) {
      int[][] costs = arrays(in);
      int[][] words = arrays(in);
      for (int category = 0; category < words.length; category++) {
        for (int word : words[category]) {
          entries.add(new Entry(names[category], costs[word][0], costs[word][1], costs[word][2]));
        }
      }
    }
    return entries;
  }

  private static int[] array(DataInputStream in) throws IOException {
    int[] array = new int[in.readInt()];
    KuromojiWords.bytes(in, 4 * array.length).asIntBuffer().get(array);
    return array;
  }

  private static int[][] arrays(DataInputStream in) throws IOException {
    int[][] arrays = new int[in.readInt()][];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = array(in);
    }
    return arrays;
  }

  private static void skipSparseArrays(DataInputStream in) throws IOException {
    in.readInt();
    while (in.readInt() >= 0) {
      array(in);
    }
  }

  private static DataInputStream open(String name) throws IOException {
    return new DataInputStream(new BufferedInputStream(resource(name).openStream()));
  }

  private static URL resource(String name) throws IOException {
    URL url = KuromojiIpadic.class.getClassLoader().getResource(name);
    if (url == null) {
      throw new FileNotFoundException(name + " is not on the class path; expected kuromoji-ipadic");
    }
    return url;
  }

  private static boolean upToDate(Path output) throws IOException {
    if (!Files.exists(output)) {
      return false;
    }
    FileTime written = Files.getLastModifiedTime(output);
    JarURLConnection jar =
        (JarURLConnection) resource(JAR_FOLDER + "connectionCosts.bin").openConnection();
    if (written.compareTo(Files.getLastModifiedTime(file(jar.getJarFileURL()))) < 0) {
      return false;
    }
    for (Class<?> program :
        List.of(KuromojiIpadic.class, IpadicCharacters.class, DictionaryCompiler.class)) {
      Path compiled = file(resource(program.getName().replace('.', '/') + ".class"));
      if (written.compareTo(Files.getLastModifiedTime(compiled)) < 0) {
        return false;
      }
    }
    return true;
  }

  private static Path file(URL url) {
    return Path.of(URI.create(url.toString()));
  }
}
