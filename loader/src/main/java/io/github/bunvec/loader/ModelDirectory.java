package io.github.bunvec.loader;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model directory as Hugging Face transformers or sentence-transformers write it: every JSON file
 * read and checked, the weights opened when they are asked for. Safe for use by several threads.
 */
public final class ModelDirectory implements AutoCloseable {

  private final Path path;
  private final Path transformer;
  private final boolean hasModules;
  private final List<ModuleEntry> modules;
  private final List<ConfiguredModule> pipeline;
  private final BertConfig config;
  private final @Nullable JsonNode tokenizerConfig;
  private final @Nullable JsonNode specialTokensMap;
  private final @Nullable JsonNode addedTokens;
  private final SentenceBertConfig sentenceBert;
  private final SentenceTransformersConfig sentenceTransformers;
  private @Nullable TokenizerConfig tokenizer; // from the first time that it is asked for
  private @Nullable Checkpoint checkpoint;
  private boolean closed;

  private ModelDirectory(Path path, boolean withModules) throws IOException {
    this.path = path;
    ModuleFiles files = withModules ? ModuleFiles.of(path) : null;
    this.hasModules = files != null;
    this.modules = files == null ? List.of() : files.entries();
    this.transformer = files == null ? path : files.folder(modules.getFirst());
    this.config = BertConfig.from(requireConfig());
    this.tokenizerConfig = json(transformer, "tokenizer_config.json");
    this.specialTokensMap = json(transformer, "special_tokens_map.json");
    this.addedTokens = json(transformer, "added_tokens.json");
    // Without modules.json sentence-transformers reads none of its own files.
    this.sentenceBert = hasModules ? readSentenceBert() : new SentenceBertConfig(null, false);
    this.pipeline = files == null ? List.of() : files.afterTransformer();
    JsonNode encoding = hasModules ? json(path, "config_sentence_transformers.json") : null;
    this.sentenceTransformers =
        encoding == null
            ? SentenceTransformersConfig.ABSENT
            : SentenceTransformersConfig.from(encoding);
  }

  /**
   * Reads and checks all configuration of a directory but the tokenizer's.
   *
   * @param dir the directory; its encoder may lie in a folder that modules.json names
   * @return the open directory
   * @throws CheckpointException if it is not a model directory or a file in it is wrong
   * @throws IOException if the directory does not exist, is a file, or cannot be read
   */
  public static ModelDirectory open(Path dir) throws IOException {
    return open(dir, true);
  }

  /**
   * Reads and checks the directory of an encoder alone, as {@code models.Transformer(dir)} of
   * sentence-transformers does: a modules.json in it is not looked at.
   *
   * @param dir the directory that holds config.json
   * @return the open directory
   * @throws CheckpointException if it is not a model directory or a file in it is wrong
   * @throws IOException if the directory does not exist, is a file, or cannot be read
   */
  public static ModelDirectory openEncoder(Path dir) throws IOException {
    return open(dir, false);
  }

  private static ModelDirectory open(Path dir, boolean withModules) throws IOException {
    if (!Files.exists(dir)) {
      throw new NoSuchFileException(dir.toString(), null, "no such model directory");
    }
    if (!Files.isDirectory(dir)) {
      throw new FileSystemException(
          dir.toString(), null, "is a file, expected the directory that holds config.json");
    }
    return new ModelDirectory(dir, withModules);
  }

  private JsonNode requireConfig() throws IOException {
    JsonNode json = json(transformer, "config.json");
    if (json != null) {
      return json;
    }
    if (hasModules) {
      throw new CheckpointException(
          path
              + ": modules.json puts the Transformer into "
              + Quoted.name(modules.getFirst().path())
              + ", where there is no config.json");
    }
    throw new CheckpointException(
        path + ": is not a model directory: neither modules.json nor config.json is in it");
  }

  private SentenceBertConfig readSentenceBert() throws IOException {
    for (String name : SentenceBertConfig.FILE_NAMES) {
      JsonNode json = json(transformer, name);
      if (json != null) {
        return SentenceBertConfig.from(json);
      }
    }
    return new SentenceBertConfig(null, false);
  }

  private @Nullable JsonNode json(Path folder, String name) throws IOException {
    return ModuleFiles.json(path, folder, name);
  }

  /** The name of a file in messages: relative to the directory, with slashes. */
  private String label(Path file) {
    return ModuleFiles.label(path, file);
  }

  /**
   * Returns the directory.
   *
   * @return as given to {@link #open}
   */
  public Path path() {
    return path;
  }

  /**
   * Returns the folder of the Transformer module, where config.json and the tokenizer's files are.
   *
   * @return the directory itself or a folder in it
   */
  public Path transformerPath() {
    return transformer;
  }

  /**
   * Returns the encoder's architecture.
   *
   * @return config.json of the Transformer module
   */
  public BertConfig config() {
    return config;
  }

  /**
   * Returns the tokenizer's configuration.
   *
   * <p>Its files are combined and checked at the first call: encoders can be used without.
   *
   * @return the tokenizer files of the Transformer module combined
   * @throws CheckpointException if they are wrong or name a tokenizer that is not supported
   */
  public synchronized TokenizerConfig tokenizer() {
    if (tokenizer == null) {
      tokenizer = TokenizerFiles.read(config, tokenizerConfig, specialTokensMap, addedTokens);
    }
    return tokenizer;
  }

  /**
   * Returns the vocabulary: one token per line, the line number its id.
   *
   * @return an existing file
   * @throws CheckpointException if there is none
   */
  public Path vocabFile() {
    Path file = transformer.resolve("vocab.txt");
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          label(file)
              + ": is missing in "
              + path
              + ", "
              + tokenizer().tokenizerClass()
              + " needs it");
    }
    return file;
  }

  /**
   * Returns a file of the tokenizer that is not always there, such as sentencepiece.bpe.model.
   *
   * @param name its name
   * @return empty if there is none
   */
  public Optional<Path> tokenizerFile(String name) {
    return Optional.of(transformer.resolve(name)).filter(Files::isRegularFile);
  }

  /**
   * Reads a JSON file of the tokenizer, such as tokenizer.json, which may have tens of megabytes.
   *
   * @param name its name
   * @return empty if there is none
   * @throws CheckpointException if it is not JSON
   * @throws IOException if it cannot be read
   */
  public Optional<JsonNode> tokenizerJson(String name) throws IOException {
    return Optional.ofNullable(json(transformer, name));
  }

  /**
   * Returns whether the directory has a modules.json, as those of sentence-transformers do.
   *
   * @return false for a plain transformers directory
   */
  public boolean hasModules() {
    return hasModules;
  }

  /**
   * Returns the modules in the order in which they run.
   *
   * @return starts with the Transformer; empty without modules.json
   */
  public List<ModuleEntry> modules() {
    return modules;
  }

  /**
   * Returns the Transformer module's own configuration.
   *
   * @return all defaults where the file or modules.json is absent
   */
  public SentenceBertConfig sentenceBert() {
    return sentenceBert;
  }

  /**
   * Returns the modules behind the Transformer and their configurations.
   *
   * @return in the order in which they run; empty without modules.json
   */
  public List<ConfiguredModule> pipeline() {
    return pipeline;
  }

  /**
   * Opens the weights of a module that has its own; the caller closes them.
   *
   * @param module one of {@link #pipeline}
   * @return its weights, chosen as {@link Checkpoints} says
   * @throws CheckpointException if there is none that can be read, or it is wrong
   * @throws IOException if it cannot be read
   */
  public Checkpoint openModule(ConfiguredModule module) throws IOException {
    Path folder = path.resolve(module.entry().path());
    Path parent = folder.getParent();
    if (Path.of(module.entry().path()).isAbsolute() && parent != null) {
      return Checkpoints.open(parent, String.valueOf(folder.getFileName()));
    }
    return Checkpoints.open(path, label(folder));
  }

  /**
   * Returns prompts, similarity function and truncation of the whole model.
   *
   * @return all defaults where the file or modules.json is absent
   */
  public SentenceTransformersConfig sentenceTransformers() {
    return sentenceTransformers;
  }

  /**
   * Returns the encoder's weights, chosen as {@link Checkpoints} says and opened at the first call;
   * they live as long as this directory.
   *
   * @return the same checkpoint at every call
   * @throws CheckpointException if there are none that can be read, or the file is wrong
   * @throws IOException if the file cannot be read
   * @throws IllegalStateException if this directory is closed
   */
  public synchronized Checkpoint checkpoint() throws IOException {
    if (closed) {
      throw new IllegalStateException(path + " is closed");
    }
    if (checkpoint == null) {
      checkpoint = Checkpoints.open(path, label(transformer));
    }
    return checkpoint;
  }

  /** Closes the weights. Closing twice is allowed. */
  @Override
  public synchronized void close() {
    closed = true;
    if (checkpoint != null) {
      checkpoint.close();
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
