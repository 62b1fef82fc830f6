package io.github.bunvec.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedCheckpointTest {

  @TempDir private Path folder;

  @BeforeEach
  void writeShards() throws IOException {
    Path dense = Files.createDirectory(folder.resolve("2_Dense"));
    SafetensorsBytes.writeFloats(dense.resolve("1"), Map.of("a", new long[] {2}));
    SafetensorsBytes.writeFloats(dense.resolve("2"), Map.of("b", new long[] {3}));
    SafetensorsBytes.writeFloats(
        dense.resolve("3"), Map.of("b", new long[] {3}, "c", new long[] {1}));
    SafetensorsBytes.writeFloats(
        dense.resolve("both"), Map.of("b", new long[] {3}, "d", new long[] {1}));
    SafetensorsBytes.writeFloats(folder.resolve("outside"), Map.of("a", new long[] {2}));
  }

  private Checkpoint open(String weightMap) throws IOException {
    Files.writeString(
        folder.resolve("2_Dense/model.safetensors.index.json"),
        "{\"metadata\":{\"total_size\":1},\"weight_map\":" + weightMap + "}");
    return Checkpoints.open(folder, "2_Dense/");
  }

  private void refused(String message, String weightMap) {
    var e = assertThrows(CheckpointException.class, () -> open(weightMap).close());
    assertEquals("2_Dense/model.safetensors.index.json: " + message, e.getMessage());
  }

  @Test
  void tensorsOfAllShardsAreThere() throws IOException {
    Checkpoint kept;
    try (Checkpoint weights = open("{\"b\":\"2\",\"a\":\"1\"}")) {
      kept = weights;
      assertEquals(List.of("b", "a"), List.copyOf(weights.names()));
      assertEquals("2_Dense/model.safetensors.index.json", weights.label());
      assertEquals(Path.of("2_Dense/2"), weights.tensor("b").file());
      assertEquals(1f, weights.tensor("a").toFloatArray()[1]);
      var e = assertThrows(CheckpointException.class, () -> weights.tensor("c"));
      assertEquals(
          "2_Dense/model.safetensors.index.json: has no tensor 'c'; similar: 'b', 'a'",
          e.getMessage());
    }
    assertThrows(IllegalStateException.class, kept::names);
    assertThrows(IllegalStateException.class, () -> kept.tensor("a"));
  }

  @Test
  void indexAndShardsMustAgree() {
    refused(
        "tensor 'c' is said to be in '2', which has none of this name",
        "{\"a\":\"1\",\"c\":\"2\"}");
    refused(
        "tensor 'd' is in 2_Dense/both, which the index does not say; are the files of one save?",
        "{\"a\":\"1\",\"b\":\"both\"}");
    refused(
        "tensor 'b' is in 2_Dense/3, too, expected it in 2_Dense/both only",
        "{\"c\":\"3\",\"b\":\"both\",\"d\":\"both\"}");
  }

  @Test
  void shardsStayInTheFolder() {
    for (String path :
        List.of("../outside", "/etc/passwd", "..", "", "x/../../outside", "a\\\\b")) {
      refused(
          "key 'weight_map.a' is \""
              + path.replace("\\\\", "\\")
              + "\", expected the name of a file beside the index",
          "{\"a\":\"" + path + "\"}");
    }
    refused("shard '4' is missing; is the download complete?", "{\"a\":\"4\"}");
    refused("shard 'a\\u0000' is not the name of a file", "{\"a\":\"a\\u0000\"}");
    refused("key 'weight_map' is an empty list, expected an object", "[]");
    refused("key 'weight_map.a' is 1, expected a string", "{\"a\":1}");
    refused("key 'weight_map.a' stands there twice", "{\"a\":\"1\",\"a\":\"1\"}");
  }
}
