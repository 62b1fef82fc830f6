package io.github.bunvec.engine.tokenization;

import io.github.bunvec.engine.tokenization.PipelineLoader.BertOptions;
import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.loader.ModelDirectory;
import io.github.bunvec.tokenizer.AddedToken;
import io.github.bunvec.tokenizer.Vocabulary;
import io.github.bunvec.tokenizer.pipeline.BertPreTokenizer;
import io.github.bunvec.tokenizer.pipeline.Metaspace;
import io.github.bunvec.tokenizer.pipeline.Metaspace.PrependScheme;
import io.github.bunvec.tokenizer.pipeline.Normalizer;
import io.github.bunvec.tokenizer.pipeline.PostProcessor;
import io.github.bunvec.tokenizer.pipeline.Precompiled;
import io.github.bunvec.tokenizer.pipeline.Replace;
import io.github.bunvec.tokenizer.pipeline.Strip;
import io.github.bunvec.tokenizer.pipeline.TextPattern;
import io.github.bunvec.tokenizer.pipeline.TokenizationPipeline;
import io.github.bunvec.tokenizer.pipeline.Unigram;
import io.github.bunvec.tokenizer.pipeline.WordPiece;
import io.github.bunvec.tokenizer.sentencepiece.PrecompiledCharsmap;
import io.github.bunvec.tokenizer.sentencepiece.SentencePieceException;
import io.github.bunvec.tokenizer.sentencepiece.SentencePieceModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Pipelines of the files of slow tokenizers, as convert_slow_tokenizer.py of transformers 4.57.6
 * makes them.
 */
final class VocabularyConversion {

  private static final int METASPACE = 0x2581;
  private static final double NEVER_CHOSEN = -100;

  private VocabularyConversion() {}

  /** Makes the pipeline of a vocab.txt. */
  static TokenizationPipeline.Builder ofBert(
      ModelDirectory directory, DeclaredTokens tokens, BertOptions options) throws IOException {
    Path file = directory.vocabFile();
    try {
      List<String> lines = Vocabulary.read(file).tokens();
      Map<String, Integer> ids = new HashMap<>();
      for (int id = 0; id < lines.size(); id++) {
        ids.put(lines.get(id), id);
      }
      DeclaredToken unknown = tokens.special("unk_token");
      if (unknown == null) {
        throw new IllegalArgumentException("unk_token is null, expected a token");
      }
      return TokenizationPipeline.builder(new WordPiece(ids, unknown.content(), "##", 100))
          .normalizer(options.normalizer(true))
          .preTokenizer(new BertPreTokenizer());
    } catch (IllegalArgumentException | SentencePieceException e) {
      throw new CheckpointException(file.getFileName() + ": " + e.getMessage(), e);
    }
  }

  /** Makes the pipeline of a sentencepiece.bpe.model, which is a unigram model all the same. */
  static TokenizationPipeline.Builder ofSentencePiece(
      ModelDirectory directory, TokenizerFamily family, Set<String> present) throws IOException {
    Path file =
        directory
            .tokenizerFile("sentencepiece.bpe.model")
            .orElseThrow(
                () ->
                    new CheckpointException(
                        "sentencepiece.bpe.model: is missing in %s, and so is tokenizer.json; %s needs one of them"
                            .formatted(directory, directory.tokenizer().tokenizerClass())));
    try {
      return ofSentencePiece(SentencePieceModel.read(file), family, present);
    } catch (SentencePieceException e) {
      throw new CheckpointException(String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(file.getFileName() + ": " + e.getMessage(), e);
    }
  }

  private static TokenizationPipeline.Builder ofSentencePiece(
      SentencePieceModel model, TokenizerFamily family, Set<String> present) {
    boolean camembert = family.equals(TokenizerFamily.CAMEMBERT);
    List<String> pieces = new ArrayList<>();
    if (camembert) {
      pieces.addAll(List.of("<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>", "<unk>NOTUSED"));
    } else {
      pieces.addAll(List.of("<s>", "<pad>", "</s>", "<unk>"));
    }
    int start = camembert ? 1 : 3; // the model's own pieces that these replace
    int offset = pieces.size() - start;
    double[] scores = new double[Math.max(model.size() - start, 0) + pieces.size() + 1];
    if (camembert) {
      scores[4] = NEVER_CHOSEN;
    }
    for (int id = start; id < model.size(); id++) {
      scores[id + offset] = model.score(id);
      pieces.add(model.piece(id));
    }
    pieces.add("<mask>");
    List<AddedToken> added = new ArrayList<>();
    for (int id = 0; id < model.size(); id++) {
      int type = model.type(id);
      if (type == SentencePieceModel.CONTROL || type == SentencePieceModel.USER_DEFINED) {
        boolean special = type == SentencePieceModel.CONTROL;
        added.add(new AddedToken(model.piece(id), false, false, false, false, special));
        present.add(model.piece(id));
      }
    }
    return TokenizationPipeline.builder(
            new Unigram(pieces, Arrays.copyOf(scores, pieces.size()), 3, false))
        .normalizer(normalizer(model.precompiledCharsmap()))
        .preTokenizer(new Metaspace(METASPACE, PrependScheme.ALWAYS, true))
        .addTokens(added);
  }

  private static Normalizer normalizer(byte[] charsmap) {
    Normalizer spaces =
        Normalizer.sequence(
            new Strip(false, true), new Replace(TextPattern.regex(" {2,}"), "\u2581"));
    return charsmap.length == 0
        ? spaces
        : Normalizer.sequence(new Precompiled(PrecompiledCharsmap.of(charsmap)), spaces);
  }

  /** Puts the classifier before a text and the separator after it. */
  static void frame(
      TokenizationPipeline.Builder builder, DeclaredTokens tokens, TokenizerFamily family) {
    boolean bert = family.equals(TokenizerFamily.BERT);
    // The converters of the SentencePiece models do not ask which tokens are set.
    String before = bert ? content(tokens, "cls_token") : "<s>";
    String after = bert ? content(tokens, "sep_token") : "</s>";
    builder.postProcessor(
        new PostProcessor(new int[] {id(builder, before)}, new int[] {id(builder, after)}));
  }

  private static String content(DeclaredTokens tokens, String key) {
    DeclaredToken token = tokens.special(key);
    if (token == null) {
      throw new CheckpointException("tokenizer_config.json: " + key + " is null, expected a token");
    }
    return token.content();
  }

  private static int id(TokenizationPipeline.Builder builder, String token) {
    int id = builder.id(token);
    if (id < 0) {
      throw new CheckpointException(
          "special token '" + token + "' is neither in the vocabulary nor added");
    }
    return id;
  }
}
