package io.github.bunvec.hub;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which files of a repository bunvec reads: configuration and tokenizer files of the model and of
 * the folders modules.json names, and one set of weights for each folder. Other frameworks'
 * weights, exports and training states are not among them.
 *
 * <p>The layout is that of transformers and sentence-transformers.
 */
final class ModelFiles {

  static final String MODULES = "modules.json";

  /** Weights in the order of preference; an index stands for its shards. */
  static final List<String> WEIGHTS =
      List.of(
          "model.safetensors",
          "model.safetensors.index.json",
          "pytorch_model.bin",
          "pytorch_model.bin.index.json");

  /** What may lie beside an encoder's config.json, by exact name. */
  static final List<String> CONFIGURATION =
      List.of(
          "config.json",
          "tokenizer_config.json",
          "tokenizer.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.txt",
          "entity_vocab.json",
          "sentencepiece.bpe.model",
          "spiece.model",
          "sentence_bert_config.json");

  /** Only beside modules.json. */
  static final List<String> OF_THE_WHOLE = List.of(MODULES, "config_sentence_transformers.json");

  private static final Pattern BY_PATTERN =
      Pattern.compile("sentence_[\\w-]+_config\\.json|[\\w.-]+\\.model");
  private static final int MAX_SEGMENT = 200;

  private final ModelId model;
  private final NavigableSet<String> names;
  private final Store store;

  /** Gets files ready and reads them. */
  interface Store {
    /** Returns when the files can be read. */
    void require(Collection<String> names) throws IOException;

    byte[] read(String name) throws IOException;
  }

  /**
   * The files that were chosen.
   *
   * @param folders the folders of the modules; the encoder's first; "" is the directory itself
   * @param names paths of all chosen files
   */
  record Choice(List<String> folders, List<String> names) {}

  ModelFiles(ModelId model, NavigableSet<String> names, Store store) {
    this.model = model;
    this.names = names;
    this.store = store;
  }

  /**
   * Gets all files the model needs, small ones before the weights.
   *
   * @throws HubException if what is there is no model bunvec could read
   */
  Choice require() throws IOException {
    List<String> chosen = new ArrayList<>();
    List<String> folders = List.of("");
    if (names.contains(MODULES)) {
      add(List.of(MODULES), chosen);
      folders = folders(store.read(MODULES));
    }
    List<String> small = new ArrayList<>();
    List<String> weights = new ArrayList<>();
    for (String folder : new TreeSet<>(folders)) {
      boolean encoder = folder.equals(folders.getFirst());
      small.addAll(configuration(folder, encoder));
      String first = weights(folder);
      if (!first.isEmpty()) {
        (first.endsWith(".json") ? small : weights).add(first);
      } else if (encoder) {
        throw new HubException(noWeights(folder));
      }
    }
    if (!folders.contains("")) {
      small.addAll(configuration("", true));
    }
    if (!names.contains(in(folders.getFirst(), "config.json"))) {
      throw new HubException(
          "%s: there is no %s; is it a model of transformers?"
              .formatted(model, in(folders.getFirst(), "config.json")));
    }
    add(small, chosen);
    for (String name : small) {
      if (name.endsWith(".index.json")) {
        weights.addAll(shards(name));
      }
    }
    add(weights, chosen);
    return new Choice(folders, chosen);
  }

  private void add(List<String> wanted, List<String> chosen) throws IOException {
    store.require(wanted);
    chosen.addAll(wanted);
  }

  private List<String> configuration(String folder, boolean encoder) {
    List<String> result = new ArrayList<>();
    for (String name : names) {
      int slash = name.lastIndexOf('/');
      String simple = name.substring(slash + 1);
      if (!name.substring(0, Math.max(slash, 0)).equals(folder)) {
        continue;
      }
      boolean wanted =
          encoder
              ? CONFIGURATION.contains(simple) || BY_PATTERN.matcher(simple).matches()
              : simple.equals("config.json");
      if (wanted || (folder.isEmpty() && OF_THE_WHOLE.contains(name) && !name.equals(MODULES))) {
        result.add(name);
      }
    }
    return result;
  }

  /** The file that decides on a folder's set of weights; "" where there is none. */
  private String weights(String folder) {
    return WEIGHTS.stream()
        .map(name -> in(folder, name))
        .filter(names::contains)
        .findFirst()
        .orElse("");
  }

  private String noWeights(String folder) {
    List<String> others =
        names.stream()
            .filter(name -> name.matches(".*\\.(safetensors|bin|h5|msgpack|onnx|ot|gguf|ckpt|pt)"))
            .limit(5)
            .toList();
    return "%s: has no weights bunvec reads%s, expected one of %s%s"
        .formatted(
            model,
            folder.isEmpty() ? "" : " in " + folder,
            String.join(", ", WEIGHTS),
            others.isEmpty() ? "" : "; it has " + String.join(", ", others));
  }

  private List<String> folders(byte[] json) throws HubException {
    List<String> folders = new ArrayList<>();
    try {
      for (JsonElement module : JsonParser.parseString(text(json)).getAsJsonArray()) {
        JsonElement path = module.getAsJsonObject().get("path");
        String folder = path == null ? "" : path.getAsString().replaceFirst("/+$", "");
        folder = folder.equals(".") ? "" : folder;
        if (!folder.isEmpty() && !isSafe(folder)) {
          throw new HubException(
              "%s: modules.json names the folder '%s', which is no path inside the directory"
                  .formatted(model, folder));
        }
        folders.add(folder);
      }
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      throw new HubException(model + ": modules.json is no list of modules", e);
    }
    return folders.isEmpty() ? List.of("") : List.copyOf(folders);
  }

  private Collection<String> shards(String index) throws IOException {
    String folder = index.substring(0, Math.max(index.lastIndexOf('/'), 0));
    NavigableSet<String> shards = new TreeSet<>();
    try {
      JsonObject map =
          JsonParser.parseString(text(store.read(index)))
              .getAsJsonObject()
              .getAsJsonObject("weight_map");
      for (JsonElement shard : map.asMap().values()) {
        shards.add(in(folder, shard.getAsString()));
      }
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | ClassCastException
        | NullPointerException e) {
      throw new HubException("%s: %s has no weight_map".formatted(model, index), e);
    }
    for (String shard : shards) {
      if (!names.contains(shard)) {
        throw new HubException(
            "%s: %s names the file '%s', which is not there".formatted(model, index, shard));
      }
    }
    return shards;
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  static String in(String folder, String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }

  /** Every name that may or may not be there and matters: what a choice depends on. */
  static List<String> known(List<String> folders) {
    List<String> known = new ArrayList<>(OF_THE_WHOLE);
    NavigableSet<String> all = new TreeSet<>(folders);
    all.add("");
    for (String folder : all) {
      boolean encoder = folder.equals(folders.getFirst()) || folder.isEmpty();
      (encoder ? CONFIGURATION : List.of("config.json"))
          .forEach(name -> known.add(in(folder, name)));
      if (folders.contains(folder)) {
        WEIGHTS.forEach(name -> known.add(in(folder, name)));
      }
    }
    return known;
  }

  /** Whether a name is a relative path of plain parts on every system. */
  static boolean isSafe(String name) {
    for (String part : name.split("/", -1)) {
      if (part.isEmpty()
          || part.length() > MAX_SEGMENT
          || part.equals(".")
          || part.equals("..")
          || part.indexOf('\\') >= 0
          || part.indexOf(':') >= 0
          || part.chars()
              .anyMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c))) {
        return false;
      }
    }
    return true;
  }
}
