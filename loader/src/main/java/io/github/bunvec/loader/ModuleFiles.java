package io.github.bunvec.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code modules.json} and the configuration file of every module it names. */
final class ModuleFiles {

  private final Path root;
  private final List<ModuleEntry> entries;

  private ModuleFiles(Path root, List<ModuleEntry> entries) {
    this.root = root;
    this.entries = entries;
  }

  /** Returns null where there is no modules.json. */
  static @Nullable ModuleFiles of(Path root) throws IOException {
    JsonNode list = json(root, root, "modules.json");
    return list == null ? null : new ModuleFiles(root, ModuleEntry.listFrom(list));
  }

  List<ModuleEntry> entries() {
    return entries;
  }

  List<ConfiguredModule> afterTransformer() throws IOException {
    List<ConfiguredModule> modules = new ArrayList<>();
    for (ModuleEntry entry : entries) {
      if (entry.type() != ModuleType.TRANSFORMER) {
        modules.add(configured(entry));
      }
    }
    return List.copyOf(modules);
  }

  private ConfiguredModule configured(ModuleEntry entry) throws IOException {
    Path folder = folder(entry);
    return configured(folder, "modules.json", label(root, folder.resolve("config.json")), entry);
  }

  static ConfiguredModule configured(Path folder, String list, String label, ModuleEntry entry)
      throws IOException {
    boolean optional = entry.type() == ModuleType.NORMALIZE || entry.type() == ModuleType.DROPOUT;
    Path file = folder.resolve("config.json");
    JsonNode json = Files.exists(file) ? JsonNode.read(file, label) : null;
    if (json == null && !optional) {
      throw new CheckpointException(
          label
              + ": is missing; "
              + list
              + (list.equals("modules") ? " name a " : " names a ")
              + entry.type().className()
              + " module there");
    }
    return new ConfiguredModule(list, label, entry, config(entry.type(), json));
  }

  private static ModuleConfig config(ModuleType type, @Nullable JsonNode json) {
    if (json == null) {
      return type == ModuleType.NORMALIZE ? new NormalizeConfig() : new DropoutConfig();
    }
    return switch (type) {
      case POOLING -> PoolingConfig.from(json);
      case DENSE -> DenseConfig.from(json);
      case LAYER_NORM -> LayerNormConfig.from(json);
      case WEIGHTED_LAYER_POOLING -> WeightedLayerPoolingConfig.from(json);
      case NORMALIZE -> NormalizeConfig.from(json);
      case DROPOUT -> new DropoutConfig();
      case TRANSFORMER -> throw new IllegalArgumentException("the Transformer is no later module");
    };
  }

  /** Returns the folder of a module, which must not lead out of the directory. */
  Path folder(ModuleEntry module) {
    try {
      Path absolute = root.toAbsolutePath().normalize();
      if (absolute.resolve(module.path()).normalize().startsWith(absolute)) {
        return root.resolve(module.path());
      }
    } catch (InvalidPathException e) {
      throw new CheckpointException(
          "modules.json: path " + Quoted.name(module.path()) + " is not a path", e);
    }
    throw new CheckpointException(
        "modules.json: path " + Quoted.name(module.path()) + " leads out of the model directory");
  }

  static @Nullable JsonNode json(Path root, Path folder, String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? JsonNode.read(file, label(root, file)) : null;
  }

  /** The name of a file in messages: relative to the directory, with slashes. */
  static String label(Path root, Path file) {
    return root.relativize(file).normalize().toString().replace('\\', '/');
  }
}
