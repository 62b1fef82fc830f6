package io.github.bunvec.loader;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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

  private static final String WEIGHTS = "model.safetensors";

  /** Weights in forms that this version does not read. */
  private static final List<String> OTHER_WEIGHTS =
      List.of(
          "model.safetensors.index.json",
          "pytorch_model.bin",
          "pytorch_model.bin.index.json",
          "tf_model.h5",
          "flax_model.msgpack");

  private final Path path;
  private final Path transformer;
  private final boolean hasModules;
  private final List<ModuleEntry> modules;
  private final BertConfig config;
  private final TokenizerConfig tokenizer;
  private final SentenceBertConfig sentenceBert;
  private final @Nullable PoolingConfig pooling;
  private final SentenceTransformersConfig sentenceTransformers;
  private @Nullable Checkpoint checkpoint;
  private boolean closed;

  private ModelDirectory(Path path) throws IOException {
    this.path = path;
    JsonNode moduleList = json(path, "modules.json");
    this.hasModules = moduleList != null;
    this.modules = moduleList == null ? List.of() : ModuleEntry.listFrom(moduleList);
    this.transformer = modules.isEmpty() ? path : moduleFolder(modules.getFirst());
    this.config = BertConfig.from(requireConfig());
    this.tokenizer =
        TokenizerFiles.read(
            config,
            json(transformer, "tokenizer_config.json"),
            json(transformer, "special_tokens_map.json"),
            json(transformer, "added_tokens.json"));
    // Without modules.json sentence-transformers reads none of its own files.
    this.sentenceBert = hasModules ? readSentenceBert() : new SentenceBertConfig(null, false);
    this.pooling = readPooling();
    JsonNode encoding = hasModules ? json(path, "config_sentence_transformers.json") : null;
    this.sentenceTransformers =
        encoding == null
            ? SentenceTransformersConfig.ABSENT
            : SentenceTransformersConfig.from(encoding);
  }

  /**
   * Reads and checks all configuration of a directory.
   *
   * @param dir the directory; its encoder may lie in a folder that modules.json names
   * @return the open directory
   * @throws CheckpointException if it is not a model directory or a file in it is wrong
   * @throws IOException if the directory does not exist, is a file, or cannot be read
   */
  public static ModelDirectory open(Path dir) throws IOException {
    if (!Files.exists(dir)) {
      throw new NoSuchFileException(dir.toString(), null, "no such model directory");
    }
    if (!Files.isDirectory(dir)) {
      throw new FileSystemException(
          dir.toString(), null, "is a file, expected the directory that holds config.json");
    }
    return new ModelDirectory(dir);
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

  private @Nullable PoolingConfig readPooling() throws IOException {
    PoolingConfig result = null;
    for (ModuleEntry module : modules) {
      if (module.type() != ModuleType.POOLING) {
        continue;
      }
      Path folder = moduleFolder(module);
      String file = label(folder.resolve("config.json"));
      if (result != null) {
        throw new CheckpointException(
            "modules.json: module " + module.index() + " is a second Pooling, expected one");
      }
      JsonNode json = json(folder, "config.json");
      if (json == null) {
        throw new CheckpointException(
            file + ": is missing; modules.json names a Pooling module there");
      }
      result = PoolingConfig.from(json);
      if (result.dimension() != config.hiddenSize()) {
        throw new CheckpointException(
            file
                + ": embedding dimension is "
                + result.dimension()
                + ", config.json says hidden_size="
                + config.hiddenSize());
      }
    }
    return result;
  }

  /** Returns the folder of a module, which must not lead out of the directory. */
  private Path moduleFolder(ModuleEntry module) {
    try {
      Path root = path.toAbsolutePath().normalize();
      if (root.resolve(module.path()).normalize().startsWith(root)) {
        return path.resolve(module.path());
      }
    } catch (InvalidPathException e) {
      throw new CheckpointException(
          "modules.json: path " + Quoted.name(module.path()) + " is not a path", e);
    }
    throw new CheckpointException(
        "modules.json: path " + Quoted.name(module.path()) + " leads out of the model directory");
  }

  private @Nullable JsonNode json(Path folder, String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? JsonNode.read(file, label(file)) : null;
  }

  /** The name of a file in messages: relative to the directory, with slashes. */
  private String label(Path file) {
    return path.relativize(file).normalize().toString().replace('\\', '/');
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
   * @return the tokenizer files of the Transformer module combined
   */
  public TokenizerConfig tokenizer() {
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
              + tokenizer.tokenizerClass()
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
   * Returns the Pooling module's configuration.
   *
   * @return empty where modules.json is absent or names none
   */
  public Optional<PoolingConfig> pooling() {
    return Optional.ofNullable(pooling);
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
   * Returns the encoder's weights, opened at the first call; they live as long as this directory.
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
      Path file = transformer.resolve(WEIGHTS);
      if (!Files.exists(file)) {
        throw noWeights();
      }
      checkpoint = SafetensorsFile.open(file);
    }
    return checkpoint;
  }

  private CheckpointException noWeights() {
    String found = label(transformer.resolve(WEIGHTS)) + ": is missing in " + path;
    for (String name : OTHER_WEIGHTS) {
      if (Files.exists(transformer.resolve(name))) {
        return new CheckpointException(
            found
                + ", only "
                + name
                + " is there. This version reads a single model.safetensors: load the model with"
                + " transformers and save it by save_pretrained(dir, max_shard_size=\"100GB\")");
      }
    }
    return new CheckpointException(found + ": the directory has no weights");
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
