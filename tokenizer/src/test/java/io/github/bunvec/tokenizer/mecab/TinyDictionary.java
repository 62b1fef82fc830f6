package io.github.bunvec.tokenizer.mecab;

import io.github.bunvec.tokenizer.mecab.DictionaryCompiler.Category;
import io.github.bunvec.tokenizer.mecab.DictionaryCompiler.Entry;
import io.github.bunvec.tokenizer.mecab.DictionaryCompiler.Range;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The four files of a small dictionary, to be opened or damaged. */
record TinyDictionary(byte[] system, byte[] unknown, byte[] matrix, byte[] characters) {

  static final List<Category> CATEGORIES =
      List.of(
          new Category("DEFAULT", false, true, 0),
          new Category("SPACE", false, true, 0),
          new Category("KANJI", false, false, 2),
          new Category("LETTER", true, true, 0));

  static final List<Range> RANGES =
      List.of(
          new Range(' ', ' ', List.of("SPACE")),
          new Range('a', 'z', List.of("LETTER")),
          new Range(0x4E00, 0x9FFF, List.of("KANJI")));

  /** One right and one left id, connections for nothing; an unknown word costs 100. */
  static TinyDictionary of(Entry... words) {
    DictionaryCompiler compiler = new DictionaryCompiler(1, 1);
    List<Entry> unknown =
        CATEGORIES.stream().map(category -> new Entry(category.name(), 0, 0, 100)).toList();
    return new TinyDictionary(
        compiler.system(List.of(words)),
        compiler.unknown(unknown),
        compiler.matrix(new short[1]),
        DictionaryCompiler.characters(CATEGORIES, RANGES));
  }

  static Entry word(String surface, int cost) {
    return new Entry(surface, 0, 0, cost);
  }

  Dictionary open() {
    return Dictionary.of(
        MemorySegment.ofArray(system),
        MemorySegment.ofArray(unknown),
        MemorySegment.ofArray(matrix),
        MemorySegment.ofArray(characters));
  }

  static List<String> words(Lattice lattice, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    lattice.segment(utf8, utf8.length);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < lattice.wordCount(); i++) {
      int start = lattice.wordStart(i);
      words.add(new String(utf8, start, lattice.wordEnd(i) - start, StandardCharsets.UTF_8));
    }
    return words;
  }

  List<String> words(String text) {
    return words(new Lattice(open()), text);
  }
}
