package io.github.bunvec.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutTest {

  @TempDir private Path cache;

  @Test
  void theCacheIsThatOfHuggingfaceHub() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      Snapshot snapshot = hub.download(cache);

      Path folder = cache.resolve("models--org--model");
      assertEquals(folder.resolve("snapshots/" + FakeHub.COMMIT), snapshot.path());
      assertNull(snapshot.remark());
      assertEquals(FakeHub.COMMIT, Files.readString(folder.resolve("refs/main")));
      Path pointer = snapshot.path().resolve("model.safetensors");
      assertEquals(
          Path.of("../../blobs").resolve(hub.etag("model.safetensors")),
          Files.readSymbolicLink(pointer));
      assertArrayEquals(hub.weights(), Files.readAllBytes(pointer));
      assertTrue(Files.exists(folder.resolve(".no_exist/" + FakeHub.COMMIT + "/modules.json")));
      assertFalse(Files.exists(folder.resolve(".no_exist/" + FakeHub.COMMIT + "/vocab.txt")));
      assertTrue(
          Files.exists(
              cache.resolve(".locks/models--org--model/" + hub.etag("config.json") + ".lock")));
      assertEquals(
          Set.of("config.json", "model.safetensors", "tokenizer_config.json", "vocab.txt"),
          names(snapshot.path()));
      // Nothing temporary is left.
      assertEquals(Set.of(".no_exist", "blobs", "refs", "snapshots"), children(folder));
      assertEquals(4, children(folder.resolve("blobs")).size());
    }
  }

  @Test
  void modulesBringTheirFoldersAndNoMore() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.put(
          "modules.json",
          """
          [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
           {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
           {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"}]
          """);
      hub.put("1_Pooling/config.json", "{}");
      hub.put("2_Dense/config.json", "{ }");
      hub.put("2_Dense/pytorch_model.bin", "dense");
      hub.put("2_Dense/notes.txt", "no");
      hub.put("3_Other/config.json", "no");
      hub.put("sentence_xlm-roberta_config.json", "{}");
      hub.put("config_sentence_transformers.json", "{}");
      Path path = hub.download(cache).path();

      assertEquals(
          Path.of("../../../blobs").resolve(hub.etag("2_Dense/config.json")),
          Files.readSymbolicLink(path.resolve("2_Dense/config.json")));
      assertEquals(
          new TreeSet<>(
              List.of(
                  "1_Pooling/config.json",
                  "2_Dense/config.json",
                  "2_Dense/pytorch_model.bin",
                  "config.json",
                  "config_sentence_transformers.json",
                  "model.safetensors",
                  "modules.json",
                  "sentence_xlm-roberta_config.json",
                  "tokenizer_config.json",
                  "vocab.txt")),
          names(path));
      // Weights come last: where they are, all is.
      assertTrue(hub.hub.lines().getLast().endsWith("2_Dense/pytorch_model.bin"));
    }
  }

  @Test
  void shardsComeWithTheirIndex() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.files.remove("model.safetensors");
      hub.put(
          "model.safetensors.index.json",
          """
          {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
          """);
      hub.put("model-00001-of-00002.safetensors", "one");
      HubException missing = assertThrows(HubException.class, () -> hub.download(cache));
      assertEquals(
          "org/model@main: model.safetensors.index.json names the file 'model-00002-of-00002.safetensors',"
              + " which is not there",
          missing.getMessage());
      hub.put("model-00002-of-00002.safetensors", "two");
      assertTrue(names(hub.download(cache).path()).contains("model-00002-of-00002.safetensors"));
      assertFalse(Files.exists(hub.blobs(cache).resolve(hub.etag("pytorch_model.bin"))));
    }
  }

  @Test
  void whatIsNoModelIsRefusedByName() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.files.remove("model.safetensors");
      hub.files.remove("pytorch_model.bin");
      HubException e = assertThrows(HubException.class, () -> hub.download(cache));
      assertEquals(
          "org/model@main: has no weights bunvec reads, expected one of model.safetensors,"
              + " model.safetensors.index.json, pytorch_model.bin, pytorch_model.bin.index.json;"
              + " it has onnx/model.onnx, optimizer.pt, tf_model.h5",
          e.getMessage());
      hub.files.remove("config.json");
      hub.put("pytorch_model.bin", "x");
      assertTrue(
          assertThrows(HubException.class, () -> hub.download(cache))
              .getMessage()
              .contains("there is no config.json"));
    }
  }

  @Test
  void nameThatLeadsOutIsRefused() throws IOException {
    for (String name :
        List.of("../x.model", "/etc/x.model", "a/../../x", "C:\\x", "a//b", "a\u0000b")) {
      try (FakeHub hub = new FakeHub()) {
        hub.extraNames.add(name);
        HubException e = assertThrows(HubException.class, () -> hub.download(cache));
        assertTrue(e.getMessage().contains("no path inside a directory"), e.getMessage());
      }
      try (FakeHub hub = new FakeHub()) {
        hub.put("modules.json", "[{\"path\": \"../x\"}]");
        HubException e = assertThrows(HubException.class, () -> hub.download(cache));
        assertTrue(e.getMessage().contains("names the folder '../x'"), e.getMessage());
      }
    }
    assertFalse(Files.exists(cache.resolveSibling("x.model")));
  }

  @Test
  void withoutLinksThereAreFiles() throws IOException {
    CacheFiles.Linker none =
        (_, _) -> {
          throw new UnsupportedOperationException();
        };
    try (FakeHub hub = new FakeHub()) {
      Hub client = new Hub(HubSettings.of(hub.environment(cache)), hub.pauses::add, none);
      Path path = client.snapshot(FakeHub.MODEL, hub.listener()).path();
      Path weights = path.resolve("model.safetensors");
      assertFalse(Files.isSymbolicLink(weights));
      assertArrayEquals(hub.weights(), Files.readAllBytes(weights));
      // Moved, not doubled.
      assertEquals(Set.of(), children(hub.blobs(cache)));
      assertEquals(path, client.snapshot(FakeHub.MODEL, hub.listener()).path());
    }
  }

  @Test
  void withoutLinksBlobOfOthersIsCopied() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.download(cache);
      String next = "f".repeat(40);
      hub.refs.put("main", next);
      CacheFiles.Linker none =
          (_, _) -> {
            throw new java.nio.file.FileSystemException("no links");
          };
      Path path =
          new Hub(HubSettings.of(hub.environment(cache)), hub.pauses::add, none)
              .snapshot(FakeHub.MODEL, hub.listener())
              .path();
      assertEquals(next, path.getFileName().toString());
      assertArrayEquals(hub.weights(), Files.readAllBytes(path.resolve("model.safetensors")));
      assertTrue(
          Files.exists(hub.blobs(cache).resolve(hub.etag("model.safetensors"))), "still there");
      assertEquals(1, hub.cdn.requests().size());
    }
  }

  @Test
  void linkWhoseBlobHasGoneIsRepaired() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      Path path = hub.download(cache).path();
      Files.delete(hub.blobs(cache).resolve(hub.etag("model.safetensors")));
      assertFalse(Files.exists(path.resolve("model.safetensors")));
      hub.download(cache);
      assertArrayEquals(hub.weights(), Files.readAllBytes(path.resolve("model.safetensors")));
    }
  }

  @Test
  void tagAndPullRequestAreRefs() throws IOException {
    try (FakeHub hub = new FakeHub()) {
      hub.refs.put("refs/pr/1", "a".repeat(40));
      Snapshot snapshot =
          hub.client(cache).snapshot(ModelId.parse("org/model@refs/pr/1"), hub.listener());
      assertEquals("a".repeat(40), snapshot.commit());
      assertEquals(
          "a".repeat(40), Files.readString(cache.resolve("models--org--model/refs/refs/pr/1")));
    }
  }

  static Set<String> names(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> directory.relativize(path).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  static Set<String> children(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
    }
  }
}
