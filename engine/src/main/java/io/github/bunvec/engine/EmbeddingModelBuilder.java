package io.github.bunvec.engine;

import io.github.bunvec.engine.bert.BertEncoder;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.BertConfig;
import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.loader.DType;
import io.github.bunvec.loader.ModelDirectory;
import io.github.bunvec.loader.ModelTensors;
import io.github.bunvec.loader.ModuleEntry;
import io.github.bunvec.loader.ModuleType;
import io.github.bunvec.loader.PoolingConfig;
import io.github.bunvec.loader.PoolingMode;
import io.github.bunvec.loader.SentenceTransformersConfig;
import io.github.bunvec.tokenizer.Tokenizer;
import io.github.bunvec.tokenizer.mecab.Dictionary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Options of an {@link EmbeddingModel}; what is not set follows the model directory. */
public final class EmbeddingModelBuilder {

  private final ModelSource source;
  private String backend = "auto";
  private @Nullable WeightType weightType;
  private int threads;
  private @Nullable Integer maxLength;
  private TruncationPolicy truncation = TruncationPolicy.TRUNCATE;
  private @Nullable Boolean normalize;
  private @Nullable Profile profile;
  private @Nullable Path dictionaryFolder;
  private @Nullable Dictionary dictionary;
  private InstalledDictionaries installed = InstalledDictionaries.of(System.getenv());

  EmbeddingModelBuilder(ModelSource source) {
    this.source = source;
  }

  /**
   * Chooses the backend; default {@code auto}.
   *
   * @param name {@code auto}, {@code cpu}, {@code reference} or {@code cuda}
   * @return this
   */
  public EmbeddingModelBuilder backend(String name) {
    backend = name;
    return this;
  }

  /**
   * Chooses how weights are kept; default BF16 where the checkpoint has BF16, which is exact and
   * half the size, and FP32 otherwise.
   *
   * @param type FP32 or BF16
   * @return this
   */
  public EmbeddingModelBuilder weightType(WeightType type) {
    weightType = type;
    return this;
  }

  /**
   * Sets how many threads may compute at once; default the number of physical cores.
   *
   * @param count 1 to 1024
   * @return this
   * @throws IllegalArgumentException if out of range
   */
  public EmbeddingModelBuilder threads(int count) {
    if (count < 1 || count > 1024) {
      throw new IllegalArgumentException("threads is " + count + ", expected 1 to 1024");
    }
    threads = count;
    return this;
  }

  /**
   * Sets the greatest number of tokens of a text; default what the profile takes from the
   * directory.
   *
   * @param tokens special tokens included; at least 2, at most the model's number of positions
   * @return this
   * @throws IllegalArgumentException if less than 2
   */
  public EmbeddingModelBuilder maxLength(int tokens) {
    if (tokens < 2) {
      throw new IllegalArgumentException(
          "maximum length is " + tokens + ", expected at least 2, the special tokens");
    }
    maxLength = tokens;
    return this;
  }

  /**
   * Sets what happens to longer texts; default {@link TruncationPolicy#TRUNCATE}.
   *
   * @param policy the policy
   * @return this
   */
  public EmbeddingModelBuilder truncation(TruncationPolicy policy) {
    truncation = policy;
    return this;
  }

  /**
   * Sets whether vectors are divided by their length; default whether modules.json has a Normalize
   * module.
   *
   * @param value true for unit vectors
   * @return this
   */
  public EmbeddingModelBuilder normalize(boolean value) {
    normalize = value;
    return this;
  }

  /**
   * Sets whose habits texts are prepared by; default sentence-transformers where there is a
   * modules.json, transformers otherwise.
   *
   * @param value the profile
   * @return this
   */
  public EmbeddingModelBuilder profile(Profile value) {
    profile = value;
    return this;
  }

  /**
   * Chooses the MeCab dictionary instead of the one the model names; default that one, looked for
   * where {@link InstalledDictionaries} says, and ipadic, which is embedded, where it names none.
   *
   * @param directory a directory with sys.dic, unk.dic, matrix.bin and char.bin
   * @return this
   */
  public EmbeddingModelBuilder dictionary(Path directory) {
    dictionaryFolder = directory;
    dictionary = null;
    return this;
  }

  /**
   * Gives an open MeCab dictionary to use instead of the one the model names, for example one with
   * user dictionaries.
   *
   * @param open the dictionary; several models may share it
   * @return this
   */
  public EmbeddingModelBuilder dictionary(Dictionary open) {
    dictionary = open;
    dictionaryFolder = null;
    return this;
  }

  /** Looks for dictionaries there instead of by this process' environment. */
  EmbeddingModelBuilder installed(InstalledDictionaries value) {
    installed = value;
    return this;
  }

  /**
   * Loads the model.
   *
   * @return the model
   * @throws IOException if a file is missing or cannot be read
   * @throws CheckpointException if a file is wrong or not supported
   * @throws IllegalArgumentException if an option does not fit the model
   * @throws IllegalStateException if the backend asked for is not available
   */
  public EmbeddingModel build() throws IOException {
    return source.open(this::build);
  }

  private EmbeddingModel build(ModelDirectory directory) throws IOException {
    Backends.Choice choice = Backends.choose(backend);
    requireModules(directory);
    Dictionaries dictionaries = new Dictionaries(installed, dictionaryFolder, dictionary);
    Tokenizer tokenizer = Tokenizers.of(directory, dictionaries);
    ModelSettings settings = settings(directory, choice.reason(), dictionaries.description());
    BertConfig config = directory.config();
    if (tokenizer.vocabularySize() > config.vocabSize()) {
      throw new CheckpointException(
          "the tokenizer has %d tokens, config.json says vocab_size=%d"
              .formatted(tokenizer.vocabularySize(), config.vocabSize()));
    }
    Backend chosen = choice.provider().create(new BackendOptions(settings.weightType(), threads));
    try {
      BertEncoder encoder =
          BertEncoder.load(config, ModelTensors.of(directory.checkpoint()), chosen);
      return new EmbeddingModel(
          settings,
          tokenizer,
          TextPreparation.of(settings.profile(), directory.sentenceBert().doLowerCase()),
          chosen,
          encoder.embedding(settings.pooling(), settings.normalize()));
    } catch (RuntimeException | IOException | Error e) {
      chosen.close();
      throw e;
    }
  }

  private ModelSettings settings(
      ModelDirectory directory, String backendReason, @Nullable String dictionaryInUse)
      throws IOException {
    Profile chosen = profile;
    String reason = "asked for";
    if (chosen == null) {
      chosen = directory.hasModules() ? Profile.SENTENCE_TRANSFORMERS : Profile.TRANSFORMERS;
      reason = directory.hasModules() ? "modules.json is there" : "there is no modules.json";
    }
    requireNoPromptNorTruncation(directory, chosen);
    Boolean unit = normalize;
    return new ModelSettings(
        source.name(),
        directory.config(),
        chosen,
        reason,
        backendReason,
        weightType(directory),
        dictionaryInUse,
        maxLength(directory, chosen),
        truncation,
        directory.pooling().map(PoolingConfig::modes).orElse(List.of(PoolingMode.MEAN)),
        unit == null
            ? directory.modules().stream().anyMatch(m -> m.type() == ModuleType.NORMALIZE)
            : unit,
        Similarity.ofName(directory.sentenceTransformers().similarityFunction()));
  }

  private static void requireModules(ModelDirectory directory) {
    for (ModuleEntry module : directory.modules()) {
      switch (module.type()) {
        case TRANSFORMER, POOLING, NORMALIZE, DROPOUT -> {}
        default ->
            throw new CheckpointException(
                "modules.json: module %d is a %s, which this version does not run"
                    .formatted(module.index(), module.typeName()));
      }
    }
    if (directory.hasModules() && directory.pooling().isEmpty()) {
      throw new CheckpointException(
          "modules.json: names no Pooling module, expected one that makes a vector of the rows");
    }
  }

  /** sentence-transformers would apply both unasked; vectors without them would differ silently. */
  private static void requireNoPromptNorTruncation(ModelDirectory directory, Profile chosen) {
    if (chosen != Profile.SENTENCE_TRANSFORMERS) {
      return;
    }
    SentenceTransformersConfig config = directory.sentenceTransformers();
    String prompt = config.prompts().getOrDefault(config.defaultPromptName(), "");
    if (!prompt.isEmpty()) {
      throw new CheckpointException(
          "config_sentence_transformers.json: default_prompt_name is '%s', which this version does not apply"
              .formatted(config.defaultPromptName()));
    }
    if (config.truncateDim() != null) {
      throw new CheckpointException(
          "config_sentence_transformers.json: truncate_dim is %d, which this version does not apply"
              .formatted(config.truncateDim()));
    }
  }

  private WeightType weightType(ModelDirectory directory) throws IOException {
    WeightType chosen = weightType;
    if (chosen != null) {
      return chosen;
    }
    ModelTensors tensors = ModelTensors.of(directory.checkpoint());
    BertConfig config = directory.config();
    DType stored =
        tensors
            .require("embeddings.word_embeddings.weight", config.vocabSize(), config.hiddenSize())
            .dtype();
    return stored == DType.BF16 ? WeightType.BF16 : WeightType.FP32;
  }

  /** The shortest of what the files say; the option, if there is one, must fit the positions. */
  private int maxLength(ModelDirectory directory, Profile chosen) {
    int positions = directory.config().maxPositions();
    Integer option = maxLength;
    if (option != null) {
      if (option > positions) {
        throw new IllegalArgumentException(
            "maximum length is %d, config.json says max_position_embeddings=%d"
                .formatted(option, positions));
      }
      return option;
    }
    Integer file = directory.tokenizer().modelMaxLength();
    if (chosen == Profile.SENTENCE_TRANSFORMERS
        && directory.sentenceBert().maxSeqLength() != null) {
      file = directory.sentenceBert().maxSeqLength();
    }
    return file == null ? positions : Math.min(file, positions);
  }
}
