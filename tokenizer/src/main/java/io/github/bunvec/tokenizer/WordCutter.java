package io.github.bunvec.tokenizer;

import io.github.bunvec.tokenizer.mecab.Lattice;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Cuts a text into words: NFKC, MeCab, lower case; or as BasicTokenizer does; or not at all.
 * Immutable; the memory is the caller's.
 */
final class WordCutter {

  private final WordTokenizerType type;
  private final boolean words;
  private final boolean normalize;
  private final boolean lowerCase;

  /**
   * Creates a cutter.
   *
   * @param type MeCab or basic
   * @param words whether words are cut at all; if not, the text as it is is one word
   * @param normalize whether MeCab's text is brought to NFKC
   */
  WordCutter(WordTokenizerType type, boolean words, boolean normalize, boolean lowerCase) {
    this.type = type;
    this.words = words;
    this.normalize = normalize;
    this.lowerCase = lowerCase;
  }

  /** Returns the words, lower-cased but for {@code kept} if the tokenizer does so. */
  List<String> words(String text, Set<String> kept, Workspace workspace) {
    if (!words) {
      workspace.text.set(text);
      return text.isEmpty()
          ? List.of()
          : List.of(workspace.text.substring(0, workspace.text.length()));
    }
    if (type == WordTokenizerType.BASIC) {
      return BasicWords.of(text, lowerCase, kept);
    }
    Lattice lattice = cut(text, workspace);
    List<String> result = new ArrayList<>(lattice.wordCount());
    for (int i = 0; i < lattice.wordCount(); i++) {
      result.add(word(i, kept, workspace));
    }
    return result;
  }

  /** Appends the ids of all words' tokens. */
  void append(String text, Set<String> kept, SubwordTokenizer subwords, Workspace workspace) {
    if (!words) {
      workspace.text.set(text);
      subwords.append(workspace.text.bytes(), 0, workspace.text.length(), workspace.ids);
      return;
    }
    if (type == WordTokenizerType.BASIC) {
      for (String word : BasicWords.of(text, lowerCase, kept)) {
        workspace.word.set(word);
        subwords.append(workspace.word.bytes(), 0, workspace.word.length(), workspace.ids);
      }
      return;
    }
    Lattice lattice = cut(text, workspace);
    for (int i = 0; i < lattice.wordCount(); i++) {
      if (lowerCase) {
        workspace.word.set(word(i, kept, workspace));
        subwords.append(workspace.word.bytes(), 0, workspace.word.length(), workspace.ids);
      } else {
        byte[] bytes = workspace.text.bytes();
        subwords.append(bytes, lattice.wordStart(i), lattice.wordEnd(i), workspace.ids);
      }
    }
  }

  private Lattice cut(String text, Workspace workspace) {
    workspace.text.set(normalize ? CompatibilityForm.of(text) : text);
    Lattice lattice = workspace.lattice();
    lattice.segment(workspace.text.bytes(), workspace.text.length());
    return lattice;
  }

  private String word(int index, Set<String> kept, Workspace workspace) {
    Lattice lattice = workspace.lattice();
    String word = workspace.text.substring(lattice.wordStart(index), lattice.wordEnd(index));
    return lowerCase && !kept.contains(word) ? LowerCase.of(word) : word;
  }
}
