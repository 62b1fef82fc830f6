package io.github.bunvec.tokenizer;

import io.github.bunvec.tokenizer.SpecialTokenSplitter.Piece;
import io.github.bunvec.tokenizer.mecab.Dictionary;
import io.github.bunvec.tokenizer.trie.DoubleArray;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer of Japanese BERT models: the ids and words of {@code BertJapaneseTokenizer} in
 * transformers 4.57.6 with MeCab.
 *
 * <p>A text is lower-cased (if so set) and cut at special and added tokens; each piece is brought
 * to NFKC, cut into words by MeCab and these into tokens; [CLS] comes before and [SEP] after. As in
 * the original, what follows a U+0000 in a piece is lost.
 */
public final class BertJapaneseTokenizer implements Tokenizer {

  private static final int ENDS = 2;

  private final Vocabulary vocabulary;
  private final AddedTokens added;
  private final SpecialTokenSplitter splitter;
  private final WordCutter cutter;
  private final SubwordTokenizer subwords;
  private final WorkspacePool workspaces;
  private final Set<String> keptCase; // words not lower-cased
  private final Set<String> keptCaseAndSpecial; // the same when a text is encoded
  private final int classifierId;
  private final int separatorId;
  private final int size;

  private BertJapaneseTokenizer(Builder builder) {
    vocabulary = builder.vocabulary;
    SpecialTokens special = builder.specialTokens;
    added = new AddedTokens(vocabulary, builder.addedTokens, special.all());
    splitter =
        new SpecialTokenSplitter(added, special, builder.doLowerCase, builder.splitSpecialTokens);
    cutter = new WordCutter(builder.doWordTokenize, builder.normalizeText, builder.doLowerCase);
    workspaces = new WorkspacePool(builder.doWordTokenize ? builder.dictionary : null);
    keptCase = Set.copyOf(builder.neverSplit);
    Set<String> kept = new HashSet<>(keptCase);
    special.all().forEach(token -> kept.add(token.content()));
    keptCaseAndSpecial = Set.copyOf(kept);
    classifierId = addedId(special.classifier());
    separatorId = addedId(special.separator());
    size = Math.max(vocabulary.size(), added.end());
    subwords = subwords(builder, addedId(special.unknown()));
  }

  private int addedId(AddedToken token) {
    Integer id = added.ids().get(token.content());
    if (id == null) {
      throw new IllegalStateException("special token " + token.content() + " was not added");
    }
    return id;
  }

  private SubwordTokenizer subwords(Builder builder, int unknownId) {
    if (!builder.doSubwordTokenize) {
      return new WholeWords(vocabulary, added.ids(), unknownId);
    }
    DoubleArray trie = vocabulary.trie(added.ids());
    return builder.subwordTokenizer == SubwordTokenizerType.CHARACTER
        ? new Characters(trie, unknownId)
        : new WordPiece(trie, unknownId);
  }

  /**
   * Starts to build a tokenizer.
   *
   * @param vocabulary the model's tokens
   * @return a builder with the defaults of transformers, but words by MeCab
   */
  public static Builder builder(Vocabulary vocabulary) {
    return new Builder(vocabulary);
  }

  @Override
  public Encoding encode(String text, int maxLength) {
    if (maxLength < ENDS) {
      throw new IllegalArgumentException(
          "maximum length %d leaves no room for the %d special tokens of a text"
              .formatted(maxLength, ENDS));
    }
    Workspace workspace = workspaces.take();
    IdList ids = workspace.ids;
    ids.truncate(0);
    ids.add(classifierId);
    for (Piece piece : splitter.split(text)) {
      if (piece.id() == SpecialTokenSplitter.TEXT) {
        cutter.append(piece.text(), keptCaseAndSpecial, subwords, workspace);
      } else {
        ids.add(piece.id());
      }
    }
    ids.add(separatorId);
    int length = ids.size();
    int[] result = ids.first(Math.min(length, maxLength));
    result[result.length - 1] = separatorId;
    workspaces.giveBack(workspace);
    return new Encoding(result, length);
  }

  @Override
  public List<String> words(String text) {
    Workspace workspace = workspaces.take();
    List<String> words = List.copyOf(cutter.words(text, keptCase, workspace));
    workspaces.giveBack(workspace);
    return words;
  }

  @Override
  public String token(int id) {
    AddedToken token = added.tokens().get(id);
    if (token != null) {
      return token.content();
    }
    if (id < 0 || id >= vocabulary.size()) {
      throw new IllegalArgumentException("id " + id + " is none of the " + size + " ids from 0 on");
    }
    return vocabulary.token(id);
  }

  @Override
  public int vocabularySize() {
    return size;
  }

  /** Returns how much working memory lies idle, about. */
  long retainedBytes() {
    return workspaces.retainedBytes();
  }

  /** Sets the options, which have the names and meanings of tokenizer_config.json's. */
  public static final class Builder {

    private final Vocabulary vocabulary;
    private @Nullable Dictionary dictionary;
    private boolean doLowerCase;
    private boolean doWordTokenize = true;
    private boolean doSubwordTokenize = true;
    private boolean normalizeText = true;
    private boolean splitSpecialTokens;
    private WordTokenizerType wordTokenizer = WordTokenizerType.MECAB;
    private SubwordTokenizerType subwordTokenizer = SubwordTokenizerType.WORDPIECE;
    private List<String> neverSplit = List.of();
    private SpecialTokens specialTokens = SpecialTokens.BERT;
    private Map<Integer, AddedToken> addedTokens = Map.of();

    private Builder(Vocabulary vocabulary) {
      this.vocabulary = vocabulary;
    }

    /**
     * Sets MeCab's dictionary, needed where words are cut by MeCab.
     *
     * @param value the dictionary
     * @return this
     */
    public Builder dictionary(Dictionary value) {
      dictionary = value;
      return this;
    }

    /**
     * Sets whether text but special tokens is lower-cased; default false.
     *
     * @param value whether
     * @return this
     */
    public Builder doLowerCase(boolean value) {
      doLowerCase = value;
      return this;
    }

    /**
     * Sets whether text is cut into words; if not, a piece is one word. Default true.
     *
     * @param value whether
     * @return this
     */
    public Builder doWordTokenize(boolean value) {
      doWordTokenize = value;
      return this;
    }

    /**
     * Sets whether words are cut into tokens; if not, a word is a token. Default true.
     *
     * @param value whether
     * @return this
     */
    public Builder doSubwordTokenize(boolean value) {
      doSubwordTokenize = value;
      return this;
    }

    /**
     * Sets how words are cut; default and only choice so far {@link WordTokenizerType#MECAB}.
     *
     * @param value the type
     * @return this
     */
    public Builder wordTokenizer(WordTokenizerType value) {
      wordTokenizer = value;
      return this;
    }

    /**
     * Sets how words are cut into tokens; default {@link SubwordTokenizerType#WORDPIECE}.
     *
     * @param value the type
     * @return this
     */
    public Builder subwordTokenizer(SubwordTokenizerType value) {
      subwordTokenizer = value;
      return this;
    }

    /**
     * Sets words that are not lower-cased; default none.
     *
     * @param value the words
     * @return this
     */
    public Builder neverSplit(Collection<String> value) {
      neverSplit = List.copyOf(value);
      return this;
    }

    /**
     * Sets whether text is brought to NFKC before MeCab (normalize_text of mecab_kwargs); default
     * true.
     *
     * @param value whether
     * @return this
     */
    public Builder normalizeText(boolean value) {
      normalizeText = value;
      return this;
    }

    /**
     * Sets whether special and added tokens in a text are cut like other text; default false.
     *
     * @param value whether
     * @return this
     */
    public Builder splitSpecialTokens(boolean value) {
      splitSpecialTokens = value;
      return this;
    }

    /**
     * Sets the special tokens; default {@link SpecialTokens#BERT}. Those the vocabulary and the
     * added tokens lack get ids after them.
     *
     * @param value the tokens
     * @return this
     */
    public Builder specialTokens(SpecialTokens value) {
      specialTokens = value;
      return this;
    }

    /**
     * Sets the added tokens by id (added_tokens_decoder), whose ids and flags go before those of
     * the vocabulary and the special tokens; default none.
     *
     * @param value the tokens
     * @return this
     */
    public Builder addedTokens(Map<Integer, AddedToken> value) {
      addedTokens = new LinkedHashMap<>(value);
      return this;
    }

    /**
     * Builds the tokenizer.
     *
     * @return the tokenizer
     * @throws IllegalArgumentException if an option is not supported or the dictionary is missing
     */
    public BertJapaneseTokenizer build() {
      if (doWordTokenize && wordTokenizer != WordTokenizerType.MECAB) {
        throw new IllegalArgumentException(
            "word_tokenizer_type %s is not supported, expected mecab"
                .formatted(name(wordTokenizer)));
      }
      if (doSubwordTokenize && subwordTokenizer == SubwordTokenizerType.SENTENCEPIECE) {
        throw new IllegalArgumentException(
            "subword_tokenizer_type %s is not supported, expected wordpiece or character"
                .formatted(name(subwordTokenizer)));
      }
      if (doWordTokenize && dictionary == null) {
        throw new IllegalArgumentException(
            "word_tokenizer_type mecab needs a dictionary, e.g. Ipadic.dictionary()");
      }
      return new BertJapaneseTokenizer(this);
    }

    private static String name(Enum<?> type) {
      return type.name().toLowerCase(Locale.ROOT);
    }
  }
}
