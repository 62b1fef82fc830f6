package io.github.bunvec.loader;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a directory that sentence-transformers, from 2.3 on, opens: encoder and tokenizer of an
 * open directory, and behind them any modules. Not thread-safe.
 *
 * <p>Weights become one {@code model.safetensors} for each module, every tensor in its own type.
 * The encoder's config.json and the tokenizer's files are carried over; a config.json without
 * model_type gains it, and tokenizer_config.json the class.
 */
public final class ModelDirectoryWriter {

  /** Opens the weights of a module that has its own. */
  public interface Weights {
    /**
     * Opens them; the writer closes them.
     *
     * @param module the module
     * @return its tensors, by the names sentence-transformers gives them
     * @throws IOException if they cannot be read
     */
    Checkpoint open(ConfiguredModule module) throws IOException;
  }

  private static final String CONFIG = "config.json";
  private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
  private static final String WEIGHTS = "model.safetensors";

  /** What is written anew, and what belongs to no model. */
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "\\..*|sentence_.*_config\\.json|modules\\.json|config_sentence_transformers\\.json"
              + "|README.*\\.md|.*\\.(csv|log|py)",
          Pattern.CASE_INSENSITIVE);

  private final ModelDirectory source;
  private final List<ConfiguredModule> modules;
  private final Weights weights;
  private SentenceBertConfig sentenceBert;
  private SentenceTransformersConfig sentenceTransformers;
  private @Nullable String mecabDic;

  /**
   * Creates a writer.
   *
   * @param source the encoder and its tokenizer; must stay open
   * @param modules what follows the Transformer
   * @param weights opens the weights of modules that have some
   */
  public ModelDirectoryWriter(
      ModelDirectory source, List<ConfiguredModule> modules, Weights weights) {
    this.source = source;
    this.modules = List.copyOf(modules);
    this.weights = weights;
    this.sentenceBert = source.sentenceBert();
    this.sentenceTransformers = source.sentenceTransformers();
  }

  /**
   * Sets how texts are prepared; default as the source does.
   *
   * @param config for sentence_bert_config.json
   * @return this
   */
  public ModelDirectoryWriter sentenceBert(SentenceBertConfig config) {
    sentenceBert = config;
    return this;
  }

  /**
   * Sets prompts, similarity function and truncation; default those of the source.
   *
   * @param config for config_sentence_transformers.json
   * @return this
   */
  public ModelDirectoryWriter sentenceTransformers(SentenceTransformersConfig config) {
    sentenceTransformers = config;
    return this;
  }

  /**
   * Names the MeCab dictionary in tokenizer_config.json, for a source that leaves it to the
   * library's version.
   *
   * @param name for instance {@code ipadic}
   * @return this
   */
  public ModelDirectoryWriter mecabDic(String name) {
    mecabDic = name;
    return this;
  }

  /**
   * Writes the directory, whole or not at all.
   *
   * @param directory must not exist
   * @throws java.nio.file.FileAlreadyExistsException if it exists
   * @throws IOException if something cannot be read or written
   */
  public void write(Path directory) throws IOException {
    try (StagedFolder folder = StagedFolder.at(directory)) {
      Path root = folder.path();
      copyFiles(folder);
      writeTensors(source.checkpoint(), root);
      nameClasses(root);
      if (mecabDic != null) {
        nameDictionary(root.resolve(TOKENIZER_CONFIG), mecabDic);
      }
      write(root.resolve("sentence_bert_config.json"), sentenceBertJson());
      write(root.resolve("config_sentence_transformers.json"), sentenceTransformersJson());
      JsonArray list = new JsonArray();
      list.add(entry(0, "", "Transformer"));
      for (ConfiguredModule module : modules) {
        String name = list.size() + "_" + module.className();
        list.add(entry(list.size(), name, module.className()));
        writeModule(root.resolve(name), module);
      }
      write(root.resolve("modules.json"), list);
      folder.complete();
    }
  }

  private void copyFiles(StagedFolder folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(source.transformerPath())) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      String name = String.valueOf(file.getFileName());
      if (!Checkpoints.isWeights(name) && !LEFT_OUT.matcher(name).matches()) {
        folder.copy(file, name);
      }
    }
  }

  private void writeModule(Path folder, ConfiguredModule module) throws IOException {
    Files.createDirectory(folder);
    JsonObject json = ModuleConfigJson.of(module.config());
    if (!json.isEmpty()) {
      write(folder.resolve(CONFIG), json);
    }
    switch (module.config()) {
      case DenseConfig _, LayerNormConfig _, WeightedLayerPoolingConfig _ -> {
        try (Checkpoint checkpoint = weights.open(module)) {
          writeTensors(checkpoint, folder);
        }
      }
      default -> {} // no weights
    }
  }

  private static void writeTensors(Checkpoint checkpoint, Path folder) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (String name : checkpoint.names()) {
      TensorView tensor = checkpoint.tensor(name);
      writer.add(name, tensor, tensor.dtype());
    }
    writer.write(folder.resolve(WEIGHTS));
  }

  /** The library finds classes by names that files of 2019 do not have. */
  private void nameClasses(Path root) throws IOException {
    if (source.config().modelTypeStated()) {
      return;
    }
    JsonObject config = read(root.resolve(CONFIG));
    config.addProperty("model_type", source.config().modelType());
    write(root.resolve(CONFIG), config);
    JsonObject tokenizer = read(root.resolve(TOKENIZER_CONFIG));
    tokenizer.addProperty("tokenizer_class", source.tokenizer().tokenizerClass());
    write(root.resolve(TOKENIZER_CONFIG), tokenizer);
  }

  private static JsonObject read(Path file) throws IOException {
    return Files.exists(file)
        ? JsonParser.parseString(Files.readString(file)).getAsJsonObject()
        : new JsonObject();
  }

  private static void nameDictionary(Path file, String name) throws IOException {
    JsonObject config = read(file);
    boolean named = config.has("mecab_kwargs") && config.get("mecab_kwargs").isJsonObject();
    JsonObject mecab = named ? config.getAsJsonObject("mecab_kwargs") : new JsonObject();
    mecab.addProperty("mecab_dic", name);
    config.add("mecab_kwargs", mecab);
    write(file, config);
  }

  private JsonObject sentenceBertJson() {
    JsonObject json = new JsonObject();
    json.addProperty("max_seq_length", sentenceBert.maxSeqLength());
    json.addProperty("do_lower_case", sentenceBert.doLowerCase());
    return json;
  }

  private JsonObject sentenceTransformersJson() {
    JsonObject prompts = new JsonObject();
    for (Map.Entry<String, String> prompt : sentenceTransformers.prompts().entrySet()) {
      prompts.addProperty(prompt.getKey(), prompt.getValue());
    }
    JsonObject json = new JsonObject();
    json.addProperty("model_type", "SentenceTransformer");
    json.add("prompts", prompts);
    json.addProperty("default_prompt_name", sentenceTransformers.defaultPromptName());
    json.addProperty("similarity_fn_name", sentenceTransformers.similarityFunction());
    if (sentenceTransformers.truncateDim() != null) {
      json.addProperty("truncate_dim", sentenceTransformers.truncateDim());
    }
    return json;
  }

  private static JsonObject entry(int index, String path, String className) {
    JsonObject json = new JsonObject();
    json.addProperty("idx", index);
    json.addProperty("name", Integer.toString(index));
    json.addProperty("path", path);
    json.addProperty("type", "sentence_transformers.models." + className);
    return json;
  }

  private static void write(Path file, JsonElement json) throws IOException {
    String text =
        new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeNulls()
            .create()
            .toJson(json);
    Files.writeString(file, text + "\n");
  }
}
