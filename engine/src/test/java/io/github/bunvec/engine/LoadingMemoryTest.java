package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Loading needs little more memory than the weights: neither a second copy nor the file's pages.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux tells a process' peak memory")
class LoadingMemoryTest {

  private static final int LAYERS = 4;
  private static final int HIDDEN = 512;
  private static final int INNER = 2048;
  private static final int WORDS = 20_000;

  /** JIT, metaspace, a young generation of 8 MB and the blocks of two threads. */
  private static final long OTHER_BYTES = 50_000_000;

  @TempDir private Path directory;

  @Test
  void peakStaysNearTheWeights() throws Exception {
    long weights = writeModel();
    List<Long> values =
        load(weights).lines().map(line -> Long.valueOf(line.replaceAll("[^0-9]", ""))).toList();
    assertEquals(3, values.size(), "before, after, weights");
    long growth = values.get(1) - values.get(0);
    assertTrue(
        growth < weights * 6 / 5 + OTHER_BYTES,
        "loading %d bytes of weights took %d bytes of memory".formatted(weights, growth));
    // And the weights are there.
    assertTrue(values.get(2) >= weights - 4 * HIDDEN, values.toString());
  }

  private String load(long weights) throws Exception {
    Path out = directory.resolve("out");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmn8m",
            "-XX:PretenureSizeThreshold=1m",
            // A second copy of anything large would not fit.
            "-Xmx" + (weights + 32_000_000),
            "-p",
            System.getProperty("jdk.module.path"),
            "--patch-module",
            "io.github.bunvec.engine=" + Path.of("target/test-classes").toAbsolutePath(),
            "-m",
            "io.github.bunvec.engine/" + LoadedModel.class.getName(),
            directory.resolve("model").toString());
    Path err = directory.resolve("err");
    int exitCode =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start()
            .waitFor();
    assertEquals(0, exitCode, Files.readString(err));
    return Files.readString(out);
  }

  /** Writes a model whose weights are zeros, holes of the file; returns how many bytes they are. */
  private long writeModel() throws IOException {
    Path model = Files.createDirectory(directory.resolve("model"));
    Files.writeString(
        model.resolve("config.json"),
        """
        {"model_type": "bert", "num_hidden_layers": %d, "hidden_size": %d,
         "num_attention_heads": 8, "intermediate_size": %d, "vocab_size": %d,
         "max_position_embeddings": 64, "type_vocab_size": 2, "hidden_act": "gelu",
         "layer_norm_eps": 1e-12}
        """
            .formatted(LAYERS, HIDDEN, INNER, WORDS));
    Files.writeString(
        model.resolve("tokenizer_config.json"),
        """
        {"tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "basic",
         "subword_tokenizer_type": "wordpiece"}
        """);
    Files.writeString(model.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n");
    StringBuilder header = new StringBuilder("{");
    long end = 0;
    for (Map.Entry<String, long[]> tensor : tensors().entrySet()) {
      long[] shape = tensor.getValue();
      long bytes = 4 * (shape.length == 1 ? shape[0] : shape[0] * shape[1]);
      header
          .append(header.length() > 1 ? "," : "")
          .append("\"%s\":{\"dtype\":\"F32\",\"shape\":[%d".formatted(tensor.getKey(), shape[0]))
          .append(shape.length == 1 ? "" : "," + shape[1])
          .append("],\"data_offsets\":[%d,%d]}".formatted(end, end + bytes));
      end += bytes;
    }
    byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    try (RandomAccessFile file =
        new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
      file.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
      file.write(json);
      file.setLength(8 + json.length + end);
    }
    return end;
  }

  private static Map<String, long[]> tensors() {
    Map<String, long[]> tensors = new LinkedHashMap<>();
    tensors.put("embeddings.word_embeddings.weight", new long[] {WORDS, HIDDEN});
    tensors.put("embeddings.position_embeddings.weight", new long[] {64, HIDDEN});
    tensors.put("embeddings.token_type_embeddings.weight", new long[] {2, HIDDEN});
    norm(tensors, "embeddings.LayerNorm");
    for (int i = 0; i < LAYERS; i++) {
      String layer = "encoder.layer." + i + ".";
      for (String name : List.of("self.query", "self.key", "self.value", "output.dense")) {
        linear(tensors, layer + "attention." + name, HIDDEN, HIDDEN);
      }
      norm(tensors, layer + "attention.output.LayerNorm");
      linear(tensors, layer + "intermediate.dense", INNER, HIDDEN);
      linear(tensors, layer + "output.dense", HIDDEN, INNER);
      norm(tensors, layer + "output.LayerNorm");
    }
    return tensors;
  }

  private static void linear(Map<String, long[]> tensors, String name, long out, long in) {
    tensors.put(name + ".weight", new long[] {out, in});
    tensors.put(name + ".bias", new long[] {out});
  }

  private static void norm(Map<String, long[]> tensors, String name) {
    tensors.put(name + ".weight", new long[] {HIDDEN});
    tensors.put(name + ".bias", new long[] {HIDDEN});
  }
}
