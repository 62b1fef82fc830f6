package io.github.bunvec.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Weights in several files with an index: {@code {"weight_map": {tensor: file}}}. The index and the
 * files must name the same tensors.
 */
final class ShardedCheckpoint implements Checkpoint {

  /** Each is one open mapping. */
  private static final int MAX_SHARDS = 10_000;

  private final Path index;
  private final String label;
  private final Map<String, Checkpoint> shards;
  private final Map<String, Checkpoint> shardOf = new LinkedHashMap<>();

  private ShardedCheckpoint(Path index, String label, Map<String, Checkpoint> shards) {
    this.index = index;
    this.label = label;
    this.shards = shards;
  }

  /** Opens one shard. */
  interface Opening {
    Checkpoint open(Path file, String label) throws IOException;
  }

  /**
   * Opens an index and all its shards.
   *
   * @param label the name of the index in messages
   */
  static ShardedCheckpoint open(Path index, String label, Opening opening) throws IOException {
    JsonNode weightMap = JsonNode.read(index, label).required("weight_map");
    Map<String, Checkpoint> shards = new LinkedHashMap<>();
    var result = new ShardedCheckpoint(index, label, shards);
    boolean opened = false;
    try {
      for (JsonNode entry : weightMap.members().values()) {
        String name = entry.string();
        if (!shards.containsKey(name)) {
          shards.put(name, openShard(index, label, entry, opening));
        }
        if (shards.size() > MAX_SHARDS) {
          throw weightMap.wrong("at most " + MAX_SHARDS + " files");
        }
      }
      result.assign(weightMap.members());
      opened = true;
      return result;
    } finally {
      if (!opened) {
        result.close();
      }
    }
  }

  private static Checkpoint openShard(Path index, String label, JsonNode entry, Opening opening)
      throws IOException {
    String name = entry.string();
    Path folder = index.toAbsolutePath().normalize().resolveSibling("");
    Path file;
    try {
      file = folder.resolve(name).normalize();
    } catch (InvalidPathException e) {
      throw new CheckpointException(
          label + ": shard " + Quoted.name(name) + " is not the name of a file", e);
    }
    if (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 || !folder.equals(file.getParent())) {
      throw entry.wrong("the name of a file beside the index");
    }
    if (!Files.exists(file)) {
      throw new CheckpointException(
          label + ": shard " + Quoted.name(name) + " is missing; is the download complete?");
    }
    int slash = label.lastIndexOf('/');
    return opening.open(index.resolveSibling(name), label.substring(0, slash + 1) + name);
  }

  private void assign(Map<String, JsonNode> weightMap) {
    weightMap.forEach(
        (name, entry) -> {
          Checkpoint shard = shards.get(entry.string());
          if (shard == null || !shard.contains(name)) {
            throw new CheckpointException(
                "%s: tensor %s is said to be in %s, which has none of this name"
                    .formatted(label, Quoted.name(name), Quoted.name(entry.string())));
          }
          shardOf.put(name, shard);
        });
    for (Checkpoint shard : shards.values()) {
      for (String name : shard.names()) {
        if (shardOf.get(name) != shard) {
          throw new CheckpointException(
              "%s: tensor %s is in %s, %s"
                  .formatted(
                      label,
                      Quoted.name(name),
                      shard.label(),
                      shardOf.containsKey(name)
                          ? "too, expected it in " + shardOf.get(name).label() + " only"
                          : "which the index does not say; are the files of one save?"));
        }
      }
    }
  }

  @Override
  public Set<String> names() {
    shards.values().forEach(Checkpoint::names); // refuses after close()
    return Collections.unmodifiableSet(shardOf.keySet());
  }

  @Override
  public boolean contains(String name) {
    return names().contains(name);
  }

  @Override
  public TensorView tensor(String name) {
    Checkpoint shard = shardOf.get(name);
    if (shard == null) {
      throw new CheckpointException(
          label
              + ": has no tensor "
              + Quoted.name(name)
              + SimilarNames.describe(name, shardOf.keySet()));
    }
    return shard.tensor(name);
  }

  @Override
  public Path source() {
    return index;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public void close() {
    shards.values().forEach(Checkpoint::close);
  }

  @Override
  public String toString() {
    return "%s (%d tensors in %d files)".formatted(label, shardOf.size(), shards.size());
  }
}
