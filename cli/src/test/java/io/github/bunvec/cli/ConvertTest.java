package io.github.bunvec.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bunvec convert}: the new directory is the same model. */
class ConvertTest {

  private static final String TEXT = "今日は良い天気です。";

  @TempDir private Path folder;
  private Path model = Path.of("");

  @BeforeEach
  void copyModel() throws IOException {
    model = ModelCopy.into(folder.resolve("model"));
  }

  private Run convert(String output, String... more) {
    List<String> arguments = new java.util.ArrayList<>();
    arguments.addAll(List.of("convert", "--model", model.toString()));
    arguments.addAll(List.of("--output", folder.resolve(output).toString()));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  private byte[] embed(Path directory, String dtype) {
    Run run = Run.of("embed", "--model", directory.toString(), "--dtype", dtype, TEXT);
    assertEquals(0, run.exitCode(), run.err());
    return run.out();
  }

  private static String config(Path directory) throws IOException {
    return Files.readString(directory.resolve("config.json"));
  }

  @Test
  void filesAndVectorsStay() throws IOException {
    Files.writeString(model.resolve("tf_model.h5"), "x");
    Files.writeString(model.resolve(".gitattributes"), "x");
    Files.createDirectory(model.resolve("onnx"));
    Run run = convert("new");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.lines().contains("1_Pooling/config.json"), run.text());
    assertTrue(run.text().contains("model.safetensors: "), run.text());
    assertTrue(run.text().contains(" bytes, from model.safetensors\n"), run.text());
    assertFalse(run.text().contains("left out: model"), run.text());
    assertEquals("left out: .gitattributes, onnx/, tf_model.h5", run.lines().getLast());
    Path converted = folder.resolve("new");
    assertEquals(config(model), config(converted));
    assertArrayEquals(embed(model, "bf16"), embed(converted, "bf16"));
    assertFalse(Files.exists(converted.resolve("tf_model.h5")));
    // Converted again it is the same to the byte.
    model = converted;
    assertEquals(0, convert("again").exitCode());
    assertArrayEquals(
        Files.readAllBytes(converted.resolve("model.safetensors")),
        Files.readAllBytes(folder.resolve("again/model.safetensors")));
  }

  @Test
  void typesAreThoseAskedFor() throws IOException {
    Files.createDirectory(model.resolve("2_Dense"));
    Files.copy(model.resolve("model.safetensors"), model.resolve("2_Dense/model.safetensors"));
    ModelCopy.edit(model.resolve("modules.json"), "\"2_Normalize\"", "\"2_Dense\"");
    for (String dtype : List.of("fp32", "bf16")) {
      Run run = convert(dtype, "--dtype", dtype);
      assertEquals(0, run.exitCode(), run.err());
      Path converted = folder.resolve(dtype);
      var json = JsonParser.parseString(config(converted)).getAsJsonObject();
      String key = json.has("dtype") ? "dtype" : "torch_dtype";
      assertEquals(dtype.equals("fp32") ? "float32" : "bfloat16", json.get(key).getAsString());
      assertTrue(json.has("layer_norm_eps"), json.toString());
      assertArrayEquals(embed(model, dtype), embed(converted, dtype));
      assertArrayEquals(
          Files.readAllBytes(converted.resolve("model.safetensors")),
          Files.readAllBytes(converted.resolve("2_Dense/model.safetensors")));
      assertTrue(run.text().contains("2_Dense/model.safetensors: "), run.text());
      assertTrue(run.text().contains(", from 2_Dense/model.safetensors"), run.text());
    }
    assertTrue(
        Files.size(folder.resolve("fp32/model.safetensors"))
            > 1.9 * Files.size(folder.resolve("bf16/model.safetensors")));
  }

  @Test
  void modulesElsewhereAreRefused() throws IOException {
    String path = "\"2_Normalize\"";
    for (String other : List.of("../out", "/tmp/out", "x/../../out", "a\\u0000")) {
      ModelCopy.edit(model.resolve("modules.json"), path, "\"" + other + "\"");
      path = "\"" + other + "\"";
      Run run = convert("new");
      assertEquals(3, run.exitCode(), run.err());
      assertTrue(run.err().startsWith("bunvec: modules.json: path '"), run.err());
      try (var files = Files.list(folder)) {
        assertEquals(List.of(model), files.toList());
      }
    }
  }

  @Test
  void nothingIsOverwrittenOrHalfWritten() throws IOException {
    Path there = Files.createDirectory(folder.resolve("there"));
    Run run = convert("there");
    assertEquals(3, run.exitCode());
    assertTrue(
        run.err().contains("exists already, expected the name of a new directory"), run.err());
    Files.delete(model.resolve("model.safetensors"));
    Run noWeights = convert("new");
    assertEquals(3, noWeights.exitCode());
    assertTrue(noWeights.err().contains("there are no weights"), noWeights.err());
    Files.writeString(model.resolve("pytorch_model.bin"), "PK\3\4");
    Run damaged = convert("new");
    assertEquals(3, damaged.exitCode());
    assertTrue(damaged.err().contains("pytorch_model.bin: has 4 bytes and starts"), damaged.err());
    Files.createDirectory(folder.resolve(".new.part"));
    Run running = convert("new");
    assertEquals(3, running.exitCode());
    assertTrue(
        running.err().contains(".new.part: exists: the same directory is being written"),
        running.err());
    Files.delete(folder.resolve(".new.part"));
    assertEquals(2, Run.of("convert", "--model", "x").exitCode());
    try (var files = Files.list(folder)) {
      assertEquals(List.of(model, there), files.sorted().toList());
    }
  }
}
