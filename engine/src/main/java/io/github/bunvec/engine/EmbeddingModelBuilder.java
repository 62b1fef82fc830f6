package io.github.bunvec.engine;

import io.github.bunvec.engine.dictionary.Dictionaries;
import io.github.bunvec.engine.dictionary.InstalledDictionaries;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.hub.DownloadListener;
import io.github.bunvec.loader.CheckpointException;
import io.github.bunvec.loader.ConfiguredModule;
import io.github.bunvec.tokenizer.mecab.Dictionary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Options of an {@link EmbeddingModel}; what is not set follows the model directory. */
public final class EmbeddingModelBuilder {

  private final ModelSource source;
  private DownloadListener downloads = DownloadListener.NONE;
  private final @Nullable List<ConfiguredModule> modules; // null: those of the directory
  private String backend = "auto";
  private @Nullable WeightType weightType;
  private Arithmetic arithmetic = Arithmetic.FP32;
  private int threads;
  private @Nullable Integer maxLength;
  private TruncationPolicy truncation = TruncationPolicy.TRUNCATE;
  private @Nullable Boolean normalize;
  private @Nullable Integer truncateDim;
  private @Nullable Profile profile;
  private @Nullable String prompt;
  private @Nullable String promptName;
  private @Nullable Path dictionaryFolder;
  private @Nullable Dictionary dictionary;
  private InstalledDictionaries installed = InstalledDictionaries.of(System.getenv());

  EmbeddingModelBuilder(ModelSource source) {
    this(source, null);
  }

  EmbeddingModelBuilder(ModelSource source, @Nullable List<ConfiguredModule> modules) {
    this.source = source;
    this.modules = modules;
  }

  /**
   * Chooses the backend; default {@code auto}.
   *
   * @param text {@code auto}, {@code cpu}, {@code reference} or {@code cuda}; the last may be
   *     followed by a colon and parameters of its own, as in {@code cuda:0,1}. What is wrong with
   *     it is told by {@link #build}
   * @return this
   */
  public EmbeddingModelBuilder backend(String text) {
    backend = text;
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
   * Chooses what linear layers are multiplied in; default {@link Arithmetic#FP32}.
   *
   * <p>On the backend {@code cpu} BF16 needs a processor with AVX512_BF16 or AMX, Linux, and a JVM
   * started with {@code --enable-native-access=io.github.bunvec.engine} (on the class path: {@code
   * ALL-UNNAMED}): it runs machine code that bunvec emits. Vectors differ from FP32's, cosine about
   * 0.9999, and between processors; on one they are the same to the bit, whatever they are computed
   * with. There is no TF32. AUTO takes BF16 where it is available and faster.
   *
   * <p>On the backend {@code cuda} FP32 is true FP32, without matrix units. TF32 and BF16 are
   * multiplied by matrix units and summed in FP32; with BF16 the rows of tokens are kept in BF16,
   * too, which halves their memory. AUTO takes BF16.
   *
   * <p>The backend {@code reference} computes in double and refuses TF32 and BF16.
   *
   * @param value FP32; TF32 or BF16, which fail where they are not available; or AUTO, of which
   *     {@link ModelInfo#arithmetic} says what it took and {@link ModelInfo#backend} why
   * @return this
   */
  public EmbeddingModelBuilder arithmetic(Arithmetic value) {
    arithmetic = value;
    return this;
  }

  /**
   * Sets how many threads may compute at once; default the number of physical cores. On the backend
   * {@code cuda} they are streams of each GPU; default 2.
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
   * Sets whether vectors are divided by their length; default what the Normalize modules of
   * modules.json do.
   *
   * @param value true for unit vectors: as the last step, after {@link #truncateDim}; false for
   *     vectors as they are, without the Normalize modules
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
   * Sets who hears how a download from the Hub gets on; default nobody. {@link ModelInfo#source}
   * tells afterwards which commit is loaded, and whether the Hub was not asked for a newer one.
   *
   * @param listener called on the thread that builds
   * @return this
   */
  public EmbeddingModelBuilder downloadListener(DownloadListener listener) {
    downloads = listener;
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
   * Keeps the first values of a vector only; default {@code truncate_dim} of
   * config_sentence_transformers.json under its profile, or all.
   *
   * @param values how many; at least 1, at most the model's dimension
   * @return this
   * @throws IllegalArgumentException if less than 1
   */
  public EmbeddingModelBuilder truncateDim(int values) {
    if (values < 1) {
      throw new IllegalArgumentException("dimension is " + values + ", expected at least 1");
    }
    truncateDim = values;
    return this;
  }

  /**
   * Puts a text in front of every text that is embedded without another prompt; default the prompt
   * that the model names as its default, under the profile sentence-transformers.
   *
   * @param text the prompt; empty for none
   * @return this
   */
  public EmbeddingModelBuilder prompt(String text) {
    prompt = text;
    promptName = null;
    return this;
  }

  /**
   * Puts one of the model's prompts in front of every text that is embedded without another prompt.
   *
   * @param name a name in config_sentence_transformers.json; {@code query} and {@code document} are
   *     always there, if without a text
   * @return this
   */
  public EmbeddingModelBuilder promptName(String name) {
    promptName = name;
    prompt = null;
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
    Backends.prepare(backend);
    return build(() -> Backends.choose(backend));
  }

  /** Loads the model for a backend that is chosen there. */
  EmbeddingModel build(Supplier<Backends.Choice> choice) throws IOException {
    ModelSource found = source.find(downloads);
    return found.open(
        directory -> new ModelLoading(found, directory, options()).load(choice.get()));
  }

  /**
   * Loads the tokenizer alone; no weights are looked for.
   *
   * @return the tokenizer and how the model prepares texts
   * @throws IOException if a file is missing or cannot be read
   * @throws CheckpointException if a file is wrong or not supported
   * @throws IllegalArgumentException if an option does not fit the model
   */
  public ModelTokenizer buildTokenizer() throws IOException {
    ModelSource found = source.find(downloads);
    return found.open(directory -> new ModelLoading(found, directory, options()).tokenizer());
  }

  private ModelOptions options() {
    return new ModelOptions(
        weightType,
        arithmetic,
        threads,
        maxLength,
        truncation,
        normalize,
        truncateDim,
        profile,
        prompt,
        promptName,
        new Dictionaries(installed, dictionaryFolder, dictionary),
        modules);
  }
}
