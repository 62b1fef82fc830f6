package io.github.bunvec.engine;

import io.github.bunvec.engine.bert.BertEncoder;
import io.github.bunvec.engine.modules.Ending;
import io.github.bunvec.engine.modules.Pipeline;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.engine.tokenization.Tokenizers;
import io.github.bunvec.loader.BertConfig;
import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.loader.ConfiguredModule;
import io.github.bunvec.loader.DType;
import io.github.bunvec.loader.ModelDirectory;
import io.github.bunvec.loader.ModelTensors;
import io.github.bunvec.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.List;

/** Makes a model of an open directory and what the user asked for. */
final class ModelLoading {

  private final ModelSource source;
  private final ModelDirectory directory;
  private final ModelOptions options;
  private final BertConfig config;

  ModelLoading(ModelSource source, ModelDirectory directory, ModelOptions options) {
    this.source = source;
    this.directory = directory;
    this.options = options;
    this.config = directory.config();
  }

  EmbeddingModel load(Backends.Choice choice) throws IOException {
    // Both take a while and neither needs the other.
    Pending<Tokenizer> tokenizer =
        Pending.start("bunvec-tokenizer", () -> Tokenizers.of(directory, options.dictionaries()));
    Backend backend = null;
    try {
      Profile profile = profile();
      Pipeline pipeline = pipeline(profile);
      WeightType weightType = weightType(pipeline);
      int maxLength = maxLength(profile);
      backend =
          choice
              .provider()
              .create(
                  new BackendOptions(
                      weightType, options.arithmetic(), options.threads(), choice.parameters()));
      BertEncoder encoder =
          BertEncoder.load(config, ModelTensors.of(directory.checkpoint()), backend);
      ForwardPass embedding = pipeline.load(encoder, directory::openModule, backend);
      TextPreparation preparation =
          TextPreparation.of(profile, directory.sentenceBert().doLowerCase());
      requireFitting(tokenizer.get());
      ModelSettings settings = settings(choice.reason(), profile, pipeline, weightType, maxLength);
      backend.ready(embedding);
      return new EmbeddingModel(
          settings,
          tokenizer.get(),
          preparation,
          backend,
          encoder.positions(),
          embedding,
          new ModelSaving(source, settings, preparation.lowerCase()));
    } catch (RuntimeException | IOException | Error e) {
      if (backend != null) {
        backend.close();
      }
      // Of two failures always the same is told; and nobody reads the directory after it is closed.
      requireFitting(tokenizer.get());
      throw e;
    }
  }

  ModelTokenizer tokenizer() throws IOException {
    Tokenizer tokenizer = Tokenizers.of(directory, options.dictionaries());
    requireFitting(tokenizer);
    // Says whether a dictionary was chosen for a tokenizer that has none.
    options.dictionaries().description();
    Profile profile = profile();
    return new ModelTokenizer(
        tokenizer,
        TextPreparation.of(profile, directory.sentenceBert().doLowerCase()),
        Prompts.of(directory.sentenceTransformers(), profile, options).inForce(),
        maxLength(profile));
  }

  private void requireFitting(Tokenizer tokenizer) {
    if (tokenizer.vocabularySize() > config.vocabSize()) {
      throw new CheckpointException(
          "the tokenizer has %d tokens, config.json says vocab_size=%d"
              .formatted(tokenizer.vocabularySize(), config.vocabSize()));
    }
  }

  private Profile profile() {
    Profile asked = options.profile();
    if (asked != null) {
      return asked;
    }
    boolean modules = directory.hasModules() || options.modules() != null;
    return modules ? Profile.SENTENCE_TRANSFORMERS : Profile.TRANSFORMERS;
  }

  private String profileReason() {
    if (options.profile() != null) {
      return "asked for";
    }
    if (options.modules() != null) {
      return "composed of modules";
    }
    return directory.hasModules() ? "modules.json is there" : "there is no modules.json";
  }

  private ModelSettings settings(
      String backendReason,
      Profile profile,
      Pipeline pipeline,
      WeightType weightType,
      int maxLength)
      throws IOException {
    return new ModelSettings(
        source.name(),
        config,
        profile,
        profileReason(),
        backendReason,
        directory.checkpoint().label(),
        weightType,
        directory.tokenizer().tokenizerClass(),
        options.dictionaries().description(),
        maxLength,
        options.truncation(),
        pipeline,
        Prompts.of(directory.sentenceTransformers(), profile, options),
        Similarity.ofName(directory.sentenceTransformers().similarityFunction()));
  }

  private Pipeline pipeline(Profile profile) {
    Integer asked = options.truncateDim();
    boolean fromFile = asked == null && profile == Profile.SENTENCE_TRANSFORMERS;
    Integer dimension = fromFile ? directory.sentenceTransformers().truncateDim() : asked;
    Ending ending = new Ending(dimension, options.normalize());
    List<ConfiguredModule> modules = options.modules();
    Pipeline pipeline =
        modules == null ? Pipeline.of(directory, ending) : Pipeline.of(modules, config, ending);
    if (asked != null && asked > pipeline.fullDimension()) {
      throw new IllegalArgumentException(
          "vectors cannot be truncated to %d values, the model gives %d"
              .formatted(asked, pipeline.fullDimension()));
    }
    return pipeline;
  }

  /** BF16 only where that loses nothing: every matrix of the model is stored so. */
  private WeightType weightType(Pipeline pipeline) throws IOException {
    WeightType chosen = options.weightType();
    if (chosen != null) {
      return chosen;
    }
    DType stored =
        ModelTensors.of(directory.checkpoint())
            .require("embeddings.word_embeddings.weight", config.vocabSize(), config.hiddenSize())
            .dtype();
    boolean exact = stored == DType.BF16 && pipeline.storedAs(DType.BF16, directory::openModule);
    return exact ? WeightType.BF16 : WeightType.FP32;
  }

  /** The shortest of what the files say; the option, if there is one, must fit the positions. */
  private int maxLength(Profile profile) {
    int most = config.maxTokens();
    Integer option = options.maxLength();
    if (option != null) {
      if (option > most) {
        throw new IllegalArgumentException(
            "maximum length is %d, config.json says max_position_embeddings=%d%s"
                .formatted(
                    option,
                    config.maxPositions(),
                    config.positionsFollowPadding()
                        ? ", of which %d are left behind the padding's".formatted(most)
                        : ""));
      }
      return option;
    }
    Integer file = directory.tokenizer().modelMaxLength();
    if (profile == Profile.SENTENCE_TRANSFORMERS
        && directory.sentenceBert().maxSeqLength() != null) {
      file = directory.sentenceBert().maxSeqLength();
    }
    return file == null ? most : Math.min(file, most);
  }
}
