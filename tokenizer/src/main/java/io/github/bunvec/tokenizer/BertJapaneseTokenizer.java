package io.github.bunvec.tokenizer;

import io.github.bunvec.tokenizer.SpecialTokenSplitter.Piece;
import io.github.bunvec.tokenizer.mecab.Dictionary;
import io.github.bunvec.tokenizer.sentencepiece.SentencePieceModel;
import io.github.bunvec.tokenizer.trie.DoubleArray;
import java.util.ArrayList;
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
 * transformers 4.57.6, with words by MeCab or BasicTokenizer.
 *
 * <p>A text is lower-cased (if so set) and cut at special and added tokens; each piece is brought
 * to NFKC, cut into words by MeCab and these into tokens; [CLS] comes before and [SEP] after. As in
 * the original, what follows a U+0000 in a piece is lost to MeCab.
 *
 * <p>With a SentencePiece model the model's pieces and their ids are the vocabulary. BasicTokenizer
 * looks at character categories, of which JDK 25 has Unicode 16's and Python 3.11 Unicode 14's:
 * characters assigned between the two are kept here and dropped there.
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
    SentencePieceModel model = builder.usedModel();
    vocabulary = model == null ? builder.vocabulary : pieces(model, builder.addedTokens);
    SpecialTokens special = builder.specialTokens;
    added = new AddedTokens(vocabulary, builder.addedTokens, special.all());
    splitter =
        new SpecialTokenSplitter(added, special, builder.doLowerCase, builder.splitSpecialTokens);
    cutter =
        new WordCutter(
            builder.wordTokenizer,
            builder.doWordTokenize,
            builder.normalizeText,
            builder.doLowerCase);
    workspaces = new WorkspacePool(builder.usesMecab() ? builder.dictionary : null);
    keptCase = Set.copyOf(builder.neverSplit);
    Set<String> kept = new HashSet<>(keptCase);
    special.all().forEach(token -> kept.add(token.content()));
    keptCaseAndSpecial = Set.copyOf(kept);
    classifierId = addedId(special.classifier());
    separatorId = addedId(special.separator());
    size = Math.max(vocabulary.size(), added.end());
    subwords =
        model == null
            ? subwords(builder, addedId(special.unknown()))
            : new SentencePieceWords(model, added.ids());
  }

  /** Returns a model's pieces as a vocabulary, in which added tokens go before pieces. */
  private static Vocabulary pieces(SentencePieceModel model, Map<Integer, AddedToken> added) {
    List<String> lines = new ArrayList<>(model.size());
    for (int id = 0; id < model.size(); id++) {
      AddedToken token = added.get(id);
      lines.add(token == null ? model.piece(id) : token.content());
    }
    return Vocabulary.of(lines);
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
    private @Nullable SentencePieceModel sentencePiece;
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
     * Sets the SentencePiece model (spiece.model), needed where words are cut into tokens by {@link
     * SubwordTokenizerType#SENTENCEPIECE}; its pieces are then the vocabulary, and the one the
     * builder was made with is not looked at.
     *
     * @param value the model
     * @return this
     */
    public Builder sentencePiece(SentencePieceModel value) {
      sentencePiece = value;
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
     * Sets how words are cut: {@link WordTokenizerType#MECAB}, the default, or {@link
     * WordTokenizerType#BASIC}.
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
      if (doWordTokenize && !usesMecab() && wordTokenizer != WordTokenizerType.BASIC) {
        throw new IllegalArgumentException(
            "word_tokenizer_type %s is not supported, expected mecab or basic"
                .formatted(wordTokenizer.name().toLowerCase(Locale.ROOT)));
      }
      if (usesModel() && !doSubwordTokenize) {
        throw new IllegalArgumentException(
            "subword_tokenizer_type sentencepiece needs do_subword_tokenize true, found false");
      }
      if (usesModel() && sentencePiece == null) {
        throw new IllegalArgumentException(
            "subword_tokenizer_type sentencepiece needs a SentencePiece model, spiece.model");
      }
      if (usesMecab() && dictionary == null) {
        throw new IllegalArgumentException(
            "word_tokenizer_type mecab needs a dictionary, e.g. Ipadic.dictionary()");
      }
      return new BertJapaneseTokenizer(this);
    }

    private boolean usesMecab() {
      return doWordTokenize && wordTokenizer == WordTokenizerType.MECAB;
    }

    private boolean usesModel() {
      return subwordTokenizer == SubwordTokenizerType.SENTENCEPIECE;
    }

    private @Nullable SentencePieceModel usedModel() {
      return usesModel() ? sentencePiece : null;
    }
  }
}
