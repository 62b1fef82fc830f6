package io.github.bunvec.tokenizer.pipeline;

import io.github.bunvec.tokenizer.AddedToken;
import io.github.bunvec.tokenizer.Encoding;
import io.github.bunvec.tokenizer.Tokenizer;
import io.github.bunvec.tokenizer.pipeline.AddedTokenSplitter.Segment;
import io.github.bunvec.tokenizer.pipeline.PreTokenizer.Piece;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer of the parts a {@code tokenizer.json} names: the ids of the tokenizers library,
 * version 0.22, for single texts.
 *
 * <p>A text is cut at the added tokens that are looked for in it as it is; each part between them
 * is normalised and cut at the other added tokens; what lies between those is cut into words and
 * these into tokens. A text that is too long loses tokens at its end.
 */
public final class TokenizationPipeline implements Tokenizer {

  private final SubwordModel model;
  private final Normalizer normalizer;
  private final PreTokenizer preTokenizer;
  private final PostProcessor postProcessor;
  private final Map<Integer, AddedToken> addedTokens;
  private final AddedTokenSplitter inText;
  private final AddedTokenSplitter inNormalizedText;
  private final int size;

  private TokenizationPipeline(Builder builder) {
    model = builder.model;
    normalizer = builder.normalizer;
    preTokenizer = builder.preTokenizer;
    postProcessor = builder.postProcessor;
    AddedVocabulary added = builder.added;
    addedTokens = Map.copyOf(added.tokens());
    Set<String> ignored = new HashSet<>();
    if (builder.splitSpecialTokens) {
      addedTokens.values().stream()
          .map(AddedToken::content)
          .filter(added::isSpecial)
          .forEach(ignored::add);
    }
    Normalizer ofTokens =
        builder.addedTokenNormalizer == null ? normalizer : builder.addedTokenNormalizer;
    inText = new AddedTokenSplitter(added.matcher(false, ofTokens), addedTokens, ignored);
    inNormalizedText = new AddedTokenSplitter(added.matcher(true, ofTokens), addedTokens, ignored);
    size = Math.max(model.end(), added.end());
  }

  /**
   * Starts to build a pipeline.
   *
   * @param model cuts words into tokens
   * @return a builder with no other part
   */
  public static Builder builder(SubwordModel model) {
    return new Builder(model);
  }

  @Override
  public Encoding encode(String text, int maxLength) {
    int room = maxLength - postProcessor.count();
    if (room < 0) {
      throw new IllegalArgumentException(
          "maximum length %d leaves no room for the %d special tokens of a text"
              .formatted(maxLength, postProcessor.count()));
    }
    int[] ids = ids(wellFormed(text));
    int kept = Math.min(ids.length, room);
    int[] before = postProcessor.before();
    int[] after = postProcessor.after();
    int[] result = new int[before.length + kept + after.length];
    System.arraycopy(before, 0, result, 0, before.length);
    System.arraycopy(ids, 0, result, before.length, kept);
    System.arraycopy(after, 0, result, before.length + kept, after.length);
    return new Encoding(result, ids.length + postProcessor.count());
  }

  private int[] ids(String text) {
    IntStream.Builder ids = IntStream.builder();
    for (Segment raw : inText.split(text, true)) {
      if (raw.id() != AddedTokenSplitter.TEXT) {
        ids.accept(raw.id());
        continue;
      }
      String normalized = normalizer.normalize(raw.text());
      for (Segment segment : inNormalizedText.split(normalized, raw.first())) {
        append(segment, ids);
      }
    }
    return ids.build().toArray();
  }

  private void append(Segment segment, IntConsumer ids) {
    if (segment.id() != AddedTokenSplitter.TEXT) {
      ids.accept(segment.id());
    } else {
      preTokenizer.cut(
          new Piece(segment.text(), segment.first()), word -> model.tokenize(word.text(), ids));
    }
  }

  @Override
  public List<String> words(String text) {
    List<String> words = new ArrayList<>();
    String normalized = normalizer.normalize(wellFormed(text));
    if (!normalized.isEmpty()) {
      preTokenizer.cut(new Piece(normalized, true), word -> words.add(word.text()));
    }
    return List.copyOf(words);
  }

  @Override
  public String token(int id) {
    AddedToken added = addedTokens.get(id);
    String token = added == null ? model.token(id) : added.content();
    if (token == null) {
      throw new IllegalArgumentException("id " + id + " is none of the " + size + " ids from 0 on");
    }
    return token;
  }

  @Override
  public int vocabularySize() {
    return size;
  }

  /** Replaces unpaired surrogates, which no encoding can hold, by U+FFFD. */
  private static String wellFormed(String text) {
    StringBuilder replaced = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      if (replaced == null) {
        replaced = new StringBuilder(text);
      }
      replaced.setCharAt(i, '\uFFFD');
    }
    return replaced == null ? text : replaced.toString();
  }

  /** Sets the parts; what is not set does nothing. */
  public static final class Builder {

    private final SubwordModel model;
    private final AddedVocabulary added;
    private Normalizer normalizer = Normalizer.none();
    private @Nullable Normalizer addedTokenNormalizer;
    private PreTokenizer preTokenizer = PreTokenizer.none();
    private PostProcessor postProcessor = PostProcessor.none();
    private boolean splitSpecialTokens;

    private Builder(SubwordModel model) {
      this.model = model;
      added = new AddedVocabulary(model);
    }

    /**
     * Sets what changes a text before it is cut.
     *
     * @param value the normaliser
     * @return this
     */
    public Builder normalizer(Normalizer value) {
      normalizer = value;
      return this;
    }

    /**
     * Sets what the added tokens that are looked for in normalised text are brought through, where
     * that is not the normaliser; transformers changes that of texts after it has added tokens.
     *
     * @param value the normaliser
     * @return this
     */
    public Builder addedTokenNormalizer(Normalizer value) {
      addedTokenNormalizer = value;
      return this;
    }

    /**
     * Sets what cuts a text into words.
     *
     * @param value the pre-tokenizer
     * @return this
     */
    public Builder preTokenizer(PreTokenizer value) {
      preTokenizer = value;
      return this;
    }

    /**
     * Sets what puts special tokens around a text's.
     *
     * @param value the post-processor
     * @return this
     */
    public Builder postProcessor(PostProcessor value) {
      postProcessor = value;
      return this;
    }

    /**
     * Sets whether special tokens in a text are cut like other text; default false.
     *
     * @param value whether
     * @return this
     */
    public Builder splitSpecialTokens(boolean value) {
      splitSpecialTokens = value;
      return this;
    }

    /**
     * Adds tokens. One that the model or an earlier addition has keeps its id; others get the next.
     *
     * @param tokens the tokens, added at once
     * @return this
     */
    public Builder addTokens(List<AddedToken> tokens) {
      added.add(tokens);
      return this;
    }

    /**
     * Looks up a token of the model or one added so far.
     *
     * @param token the token
     * @return its id, or -1
     */
    public int id(String token) {
      return added.id(token);
    }

    /**
     * Builds the pipeline.
     *
     * @return the pipeline
     * @throws IllegalArgumentException if an added token is empty when normalised
     */
    public TokenizationPipeline build() {
      return new TokenizationPipeline(this);
    }
  }
}
