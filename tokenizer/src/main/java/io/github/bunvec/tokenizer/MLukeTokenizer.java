package io.github.bunvec.tokenizer;

import io.github.bunvec.tokenizer.SpecialTokenSplitter.Piece;
import io.github.bunvec.tokenizer.sentencepiece.SentencePieceEncoder;
import io.github.bunvec.tokenizer.sentencepiece.SentencePieceModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokenizer of multilingual and Japanese LUKE models: the ids of {@code MLukeTokenizer} in
 * transformers 4.57.6 for a text without entities.
 *
 * <p>A text is cut at special and added tokens; each piece is encoded by the SentencePiece model,
 * as a text of its own; {@code <s>} comes before and {@code </s>} after. Ids are those of XLM-R:
 * {@code <s>} 0, {@code <pad>} 1, {@code </s>} 2, {@code <unk>} 3, a model's piece one more than
 * its own id, {@code <mask>} after the last. What stands for a text is how a piece is spelled: a
 * piece spelled as a special token has that token's id.
 */
public final class MLukeTokenizer implements Tokenizer {

  private static final int ENDS = 2;
  private static final List<String> FIRST = List.of("<s>", "<pad>", "</s>", "<unk>"); // [id]
  private static final String MASK = "<mask>";

  /** By how much a piece's id is greater than the model has it. */
  private static final int OFFSET = 1;

  private final SentencePieceModel model;
  private final AddedTokens added;
  private final SpecialTokenSplitter splitter;
  private final PieceIds pieceIds;
  private final WorkspacePool workspaces;
  private final int classifierId;
  private final int separatorId;
  private final int unknownId;
  private final int size;

  private MLukeTokenizer(Builder builder) {
    model = builder.model;
    Map<Integer, AddedToken> known = builder.knownTokens();
    List<String> lines = new ArrayList<>(model.size() + ENDS);
    for (int id = 0; id <= maskId(); id++) {
      AddedToken token = known.get(id);
      lines.add(token == null ? baseToken(id) : token.content());
    }
    added = new AddedTokens(Vocabulary.of(lines), known, builder.allSpecial());
    splitter = new SpecialTokenSplitter(added, builder.splitSpecialTokens);
    workspaces = new WorkspacePool(null, model);
    classifierId = addedId(builder.specialTokens.classifier());
    separatorId = addedId(builder.specialTokens.separator());
    unknownId = addedId(builder.specialTokens.unknown());
    size = Math.max(lines.size(), added.end());
    pieceIds = new PieceIds(model, this::id);
  }

  private int addedId(AddedToken token) {
    Integer id = added.ids().get(token.content());
    if (id == null) {
      throw new IllegalStateException("special token " + token.content() + " was not added");
    }
    return id;
  }

  private int maskId() {
    return model.size() + OFFSET;
  }

  private String baseToken(int id) {
    if (id == maskId()) {
      return MASK;
    }
    return id < FIRST.size() ? FIRST.get(id) : model.piece(id - OFFSET);
  }

  private int id(String token) {
    Integer id = added.ids().get(token);
    if (id != null) {
      return id;
    }
    int first = FIRST.indexOf(token);
    if (first >= 0 || token.equals(MASK)) {
      return first >= 0 ? first : maskId();
    }
    int piece = model.pieceToId(token);
    return piece == 0 ? unknownId : piece + OFFSET;
  }

  /**
   * Starts to build a tokenizer.
   *
   * @param model the model, of the file sentencepiece.bpe.model
   * @return a builder with the defaults of transformers
   */
  public static Builder builder(SentencePieceModel model) {
    return new Builder(model);
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
        workspace.text.set(piece.text());
        SentencePieceEncoder encoder = workspace.encoder();
        int count = encoder.encode(workspace.text.bytes(), 0, workspace.text.length());
        pieceIds.append(encoder, count, ids);
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

  /**
   * Returns the pieces of a text, there being no words: what the normalised text is cut into, with
   * U+2581 for a space and unknown characters as they are.
   *
   * @param text the text; special tokens written in it are cut like any other text
   * @return the pieces of the whole text, in order
   */
  @Override
  public List<String> words(String text) {
    return List.copyOf(model.pieces(text));
  }

  @Override
  public String token(int id) {
    AddedToken token = added.tokens().get(id);
    if (token != null) {
      return token.content();
    }
    if (id < 0 || id > maskId()) {
      throw new IllegalArgumentException("id " + id + " is none of the " + size + " ids from 0 on");
    }
    return baseToken(id);
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

    private final SentencePieceModel model;
    private boolean splitSpecialTokens;
    private AddedToken beginning = AddedToken.special("<s>");
    private AddedToken end = AddedToken.special("</s>");
    private AddedToken firstEntity = AddedToken.special("<ent>");
    private AddedToken secondEntity = AddedToken.special("<ent2>");
    private Map<Integer, AddedToken> addedTokens = Map.of();
    private SpecialTokens specialTokens =
        new SpecialTokens(
            AddedToken.special("<unk>"),
            AddedToken.special("</s>"),
            AddedToken.special("<pad>"),
            AddedToken.special("<s>"),
            new AddedToken(MASK, false, true, false, false, true),
            List.of());

    private Builder(SentencePieceModel model) {
      this.model = model;
    }

    /**
     * Sets the special tokens but those below; default {@code <unk>}, {@code </s>}, {@code <pad>},
     * {@code <s>} and {@code <mask>}, which takes the whitespace on its left with it.
     *
     * @param value the tokens; their flags go before those of added tokens of the same content
     * @return this
     */
    public Builder specialTokens(SpecialTokens value) {
      specialTokens = value;
      return this;
    }

    /**
     * Sets bos_token, default {@code <s>}, and eos_token, default {@code </s>}. They are found in a
     * text; what begins and ends a text are the classifier and the separator.
     *
     * @param bosToken the first
     * @param eosToken the second
     * @return this
     */
    public Builder sentenceEnds(AddedToken bosToken, AddedToken eosToken) {
      beginning = bosToken;
      end = eosToken;
      return this;
    }

    /**
     * Sets entity_token_1, default {@code <ent>}, and entity_token_2, default {@code <ent2>}.
     *
     * @param first the first
     * @param second the second
     * @return this
     */
    public Builder entityTokens(AddedToken first, AddedToken second) {
      firstEntity = first;
      secondEntity = second;
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
     * Sets the added tokens by id (added_tokens.json, added_tokens_decoder); default none.
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
     * @throws IllegalArgumentException if an added token has a negative id
     */
    public MLukeTokenizer build() {
      return new MLukeTokenizer(this);
    }

    /** Returns all special tokens, each content once, in the order transformers adds them. */
    private List<AddedToken> allSpecial() {
      Map<String, AddedToken> main = new LinkedHashMap<>();
      List.of(
              beginning,
              end,
              specialTokens.unknown(),
              specialTokens.separator(),
              specialTokens.padding(),
              specialTokens.classifier(),
              specialTokens.mask())
          .forEach(token -> main.putIfAbsent(token.content(), token));
      // In the list of additional tokens transformers lets a later one replace an earlier one.
      Map<String, AddedToken> additional = new LinkedHashMap<>();
      specialTokens.additional().forEach(token -> additional.put(token.content(), token));
      additional.put(firstEntity.content(), firstEntity);
      additional.put(secondEntity.content(), secondEntity);
      additional.forEach(main::putIfAbsent);
      return List.copyOf(main.values());
    }

    /** Returns the added tokens, those that are special with the special token's flags. */
    private Map<Integer, AddedToken> knownTokens() {
      Map<String, AddedToken> special = new LinkedHashMap<>();
      allSpecial().forEach(token -> special.put(token.content(), token));
      Map<Integer, AddedToken> known = new LinkedHashMap<>();
      addedTokens.forEach(
          (id, token) -> known.put(id, special.getOrDefault(token.content(), token)));
      return known;
    }
  }
}
