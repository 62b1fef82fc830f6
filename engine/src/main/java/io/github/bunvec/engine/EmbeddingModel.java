package io.github.bunvec.engine;

import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.PositionRule;
import io.github.bunvec.tokenizer.Encoding;
import io.github.bunvec.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A sentence-embedding model: text in, vector out.
 *
 * {@snippet :
 * try (EmbeddingModel model = EmbeddingModel.load(Path.of("sentence-bert-base-ja"))) {
 *   float[] vector = model.embed("今日は良い天気です。");
 *   double closeness = model.similarity("今日は良い天気です。", "本日は快晴なり。");
 * }
 * }
 *
 * <p>Immutable and safe for concurrent use; one instance serves a whole service. A text's vector is
 * the same to the bit alone, in any batch and order, and with any number of threads. After {@link
 * #close} every call throws {@link IllegalStateException}.
 */
public final class EmbeddingModel implements AutoCloseable {

  /** Tokens that are packed for one run of the backend, for each of its threads. */
  static final int TOKENS_PER_RUN_AND_THREAD = 4096;

  private final ModelSettings settings;
  private final Tokenizer tokenizer;
  private final TextPreparation preparation;
  private final Backend backend;
  private final ParallelEncoding parallel;
  private final PositionRule positions;
  private final ForwardPass embedding;
  private final ModelSaving saving;
  private volatile boolean closed;

  EmbeddingModel(
      ModelSettings settings,
      Tokenizer tokenizer,
      TextPreparation preparation,
      Backend backend,
      PositionRule positions,
      ForwardPass embedding,
      ModelSaving saving) {
    this.settings = settings;
    this.tokenizer = tokenizer;
    this.preparation = preparation;
    this.backend = backend;
    this.parallel = new ParallelEncoding(backend);
    this.positions = positions;
    this.embedding = embedding;
    this.saving = saving;
  }

  /**
   * Begins, in a thread of its own, what loading any model takes and needs no model for. A program
   * that has something else to do first, such as reading its arguments, saves some 0.1 s by this;
   * loading does it in any case.
   */
  public static void prepare() {
    Backends.prepare("auto");
  }

  /**
   * Loads a model directory as Hugging Face and sentence-transformers write it, with the defaults
   * of {@link #builder}.
   *
   * @param directory the directory
   * @return the model
   * @throws IOException if the directory is missing or cannot be read
   * @throws io.github.bunvec.loader.CheckpointException if a file in it is wrong or not supported
   */
  public static EmbeddingModel load(Path directory) throws IOException {
    return builder(directory).build();
  }

  /**
   * Loads a model directory, or, where there is none of that name, a model of the Hugging Face Hub,
   * which is downloaded unless it is in the cache; see {@link #builder(String)}.
   *
   * @param name a directory, or {@code ORG/NAME} or {@code ORG/NAME@REVISION}
   * @return the model
   * @throws IOException if there is no such model, or it cannot be downloaded or read
   * @throws io.github.bunvec.loader.CheckpointException if a file in it is wrong or not supported
   */
  public static EmbeddingModel load(String name) throws IOException {
    return builder(name).build();
  }

  /**
   * Loads a model that lies as a resource on the class or module path.
   *
   * @param name its name, for example {@code mini-ja} of the artifact {@code bunvec-model-mini-ja}
   * @return the model
   * @throws IOException if there is no such resource or it cannot be read
   */
  public static EmbeddingModel loadBundled(String name) throws IOException {
    return bundled(name).build();
  }

  /**
   * Returns a builder for a model directory.
   *
   * @param directory the directory
   * @return a builder with the defaults
   */
  public static EmbeddingModelBuilder builder(Path directory) {
    return new EmbeddingModelBuilder(ModelSource.directory(directory));
  }

  /**
   * Returns a builder for a model directory or a model of the Hugging Face Hub. A directory of that
   * name wins, and then nothing is asked of any network. Otherwise {@link
   * io.github.bunvec.hub.Hub#fromEnvironment} finds the model when it is built.
   *
   * @param name a directory, or {@code ORG/NAME} or {@code ORG/NAME@REVISION}
   * @return a builder with the defaults
   */
  public static EmbeddingModelBuilder builder(String name) {
    return new EmbeddingModelBuilder(ModelSource.named(name));
  }

  /**
   * Returns an empty composition: a model put together of modules in code.
   *
   * @return the composition
   */
  public static ModelComposition builder() {
    return new ModelComposition();
  }

  /**
   * Returns a builder for a model that lies as a resource on the class or module path.
   *
   * @param name its name
   * @return a builder with the defaults
   */
  public static EmbeddingModelBuilder bundled(String name) {
    return new EmbeddingModelBuilder(ModelSource.bundled(name));
  }

  /**
   * Embeds one text.
   *
   * @param text the text; may be empty
   * @return its vector; [dimension]
   * @throws TextTooLongException under {@link TruncationPolicy#ERROR}
   */
  public float[] embed(String text) {
    return encode(text).vector();
  }

  /**
   * Embeds texts.
   *
   * @param texts the texts
   * @return their vectors, in order; [texts][dimension]
   * @throws TextTooLongException under {@link TruncationPolicy#ERROR}, before anything is computed
   *     of the run of texts it is in
   */
  public float[][] embedAll(List<String> texts) {
    List<Embedding> embeddings = encodeAll(texts);
    float[][] vectors = new float[embeddings.size()][];
    Arrays.setAll(vectors, i -> embeddings.get(i).vector());
    return vectors;
  }

  /**
   * Embeds one text and tells what became of it.
   *
   * @param text the text; may be empty
   * @return vector, number of tokens, truncation
   * @throws TextTooLongException under {@link TruncationPolicy#ERROR}
   */
  public Embedding encode(String text) {
    return encodeAll(List.of(text)).getFirst();
  }

  /**
   * Embeds texts and tells what became of each.
   *
   * @param texts the texts
   * @return one result per text, in order
   * @throws TextTooLongException under {@link TruncationPolicy#ERROR}
   */
  public List<Embedding> encodeAll(List<String> texts) {
    return encodeAll(texts, settings.prompts().inForce());
  }

  /**
   * Embeds texts behind a prompt of the caller's choice.
   *
   * @param texts the texts
   * @param prompt what is put in front of each, see {@link #prompt}; empty for nothing
   * @return one result per text, in order; numbers of tokens include the prompt's
   * @throws TextTooLongException under {@link TruncationPolicy#ERROR}
   */
  public List<Embedding> encodeAll(List<String> texts, String prompt) {
    checkOpen();
    int skipped = skippedTokens(prompt);
    if (parallel.pays(texts.size())) {
      String[] own = texts.toArray(String[]::new); // a list need not bear several readers
      ParallelEncoding.Steps steps =
          new ParallelEncoding.Steps(
              i -> tokenize(prompt, own[i], i), batch -> compute(batch, skipped));
      return parallel.encode(own.length, steps);
    }
    List<Embedding> results = new ArrayList<>(texts.size());
    int budget = Math.multiplyExact(TOKENS_PER_RUN_AND_THREAD, backend.threads());
    List<Encoding> pending = new ArrayList<>();
    int tokens = 0;
    for (int i = 0; i < texts.size(); i++) {
      Encoding encoding = tokenize(prompt, texts.get(i), i);
      pending.add(encoding);
      tokens += encoding.ids().length;
      if (tokens >= budget || i == texts.size() - 1) {
        results.addAll(compute(pending, skipped));
        pending.clear();
        tokens = 0;
      }
    }
    return results;
  }

  /**
   * Embeds what is looked for, behind the model's prompt {@code query}; of a model without one the
   * result is that of the bare text, whichever prompt is otherwise in force.
   *
   * @param text the text; may be empty
   * @return its vector; [dimension]
   * @throws TextTooLongException under {@link TruncationPolicy#ERROR}
   */
  public float[] embedQuery(String text) {
    return encodeAll(List.of(text), prompt("query")).getFirst().vector();
  }

  /**
   * Embeds what is found, behind the model's prompt {@code document}; of a model without one the
   * result is that of the bare text, whichever prompt is otherwise in force.
   *
   * @param text the text; may be empty
   * @return its vector; [dimension]
   * @throws TextTooLongException under {@link TruncationPolicy#ERROR}
   */
  public float[] embedDocument(String text) {
    return encodeAll(List.of(text), prompt("document")).getFirst().vector();
  }

  /**
   * Returns one of the model's prompts.
   *
   * @param name its name in config_sentence_transformers.json; {@code query} and {@code document}
   *     are always there
   * @return its text; may be empty
   * @throws IllegalArgumentException if there is none of this name; the message lists those there
   *     are
   */
  public String prompt(String name) {
    return settings.prompts().named(name);
  }

  /**
   * Embeds two texts and compares them by the similarity function the model names.
   *
   * @param a a text
   * @param b a text
   * @return how close they are, see {@link Similarity}
   */
  public double similarity(String a, String b) {
    List<Embedding> both = encodeAll(List.of(a, b));
    return settings.similarity().of(both.getFirst().vector(), both.getLast().vector());
  }

  /**
   * Returns the length of a vector; computes nothing.
   *
   * @return the number of values
   */
  public int dimension() {
    return settings.dimension();
  }

  /**
   * Returns the tokenizer; usable after {@link #close}, too.
   *
   * @return the tokenizer
   */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * Turns a text into the form the tokenizer is given, by the profile.
   *
   * @param text the text
   * @return the text behind the prompt in force, stripped and lower-cased where the profile says so
   */
  public String prepare(String text) {
    return preparation.apply(settings.prompts().inForce(), text);
  }

  /**
   * Says what is loaded and how it runs.
   *
   * @return a snapshot
   */
  public ModelInfo info() {
    return settings.info(backend, tokenizer);
  }

  /**
   * Writes the model as a directory that sentence-transformers opens and that gives the same
   * vectors there: the modules, prompts, maximum length and dimension in force, not backend,
   * threads or weight type.
   *
   * <p>Weights are read again from where the model was loaded and written as they are stored there.
   * Two things only newer versions of the library honour: a truncated dimension (6.0), and poolings
   * concatenated in an order of their own (5.4). White space at the ends of a text is removed by
   * the library in any case, so a model of the profile transformers keeps its vectors for texts
   * without.
   *
   * @param directory must not exist
   * @throws java.nio.file.FileAlreadyExistsException if it exists
   * @throws IOException if the model's files have gone, or the directory cannot be written; nothing
   *     is left of it then
   * @throws IllegalStateException if vectors are truncated and then normalized, which no directory
   *     can say
   */
  public void save(Path directory) throws IOException {
    saving.to(directory);
  }

  @Override
  public String toString() {
    return "%s, %dd, %s".formatted(settings.source(), settings.dimension(), backend.description());
  }

  /** Frees threads and memory; waits for running calls. Idempotent. */
  @Override
  public void close() {
    closed = true;
    backend.close();
  }

  /**
   * How many first tokens the pooling leaves out where it excludes prompts: those of the prompt on
   * its own, but for the special token at its end [sentence-transformers 5.3, _get_prompt_length].
   */
  private int skippedTokens(String prompt) {
    if (prompt.isEmpty() || settings.pipeline().includesPrompt()) {
      return 0;
    }
    String prepared = preparation.apply(prompt, "");
    return tokenizer.encode(prepared, settings.maxLength()).ids().length - 1;
  }

  private Encoding tokenize(String prompt, String text, int index) {
    Encoding encoding = tokenizer.encode(preparation.apply(prompt, text), settings.maxLength());
    if (encoding.truncated() && settings.truncation() == TruncationPolicy.ERROR) {
      throw new TextTooLongException(
          index, encoding.lengthBeforeTruncation(), settings.maxLength());
    }
    return encoding;
  }

  private List<Embedding> compute(List<Encoding> encodings, int skipped) {
    float[][] vectors = new float[encodings.size()][];
    List<int[]> ids = encodings.stream().map(Encoding::ids).toList();
    backend.run(PackedBatch.of(ids, positions, skipped), embedding, vectors);
    List<Embedding> results = new ArrayList<>(vectors.length);
    for (int i = 0; i < vectors.length; i++) {
      Encoding encoding = encodings.get(i);
      results.add(new Embedding(vectors[i], encoding.ids().length, encoding.truncated()));
    }
    return results;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the EmbeddingModel is closed");
    }
  }
}
