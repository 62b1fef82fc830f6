package io.github.bunvec.loader;

import java.util.ArrayList;
import java.util.List;

/**
 * An entry of {@code modules.json}.
 *
 * @param index position in the list, from 0
 * @param name {@code name}
 * @param path folder of the module relative to the directory; empty for the directory itself
 * @param type what it is
 * @param typeName {@code type} as written, a dotted Python name
 */
public record ModuleEntry(int index, String name, String path, ModuleType type, String typeName) {

  static List<ModuleEntry> listFrom(JsonNode json) {
    List<ModuleEntry> modules = new ArrayList<>();
    for (JsonNode item : json.items()) {
      modules.add(from(modules.size(), item));
    }
    if (modules.isEmpty()) {
      throw json.wrong("a list of at least one module");
    }
    for (ModuleEntry module : modules) {
      boolean first = module.index == 0;
      if (first != (module.type == ModuleType.TRANSFORMER)) {
        String problem =
            first ? "the first module is " : "module " + module.index + " is a second ";
        throw new CheckpointException(
            json.file()
                + ": "
                + problem
                + module.type.className()
                + ", expected exactly one Transformer, at the start");
      }
    }
    return List.copyOf(modules);
  }

  private static ModuleEntry from(int index, JsonNode json) {
    JsonNode typeName = json.required("type");
    ModuleType type = ModuleType.named(typeName.string());
    if (type == null) {
      throw typeName.wrong(
          "a module of sentence_transformers among "
              + ModuleType.names()
              + "; others (CNN, LSTM, BoW, WordEmbeddings, WordWeights, CLIPModel, Router, Asym,"
              + " StaticEmbedding, MLP, SpladePooling, modules of a model's own) cannot run");
    }
    JsonNode name = json.valueOf("name");
    return new ModuleEntry(
        index,
        name != null && name.isString() ? name.string() : String.valueOf(index),
        json.string("path", ""),
        type,
        typeName.string());
  }
}
