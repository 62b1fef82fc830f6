package io.github.bunvec.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of torch.save and save_pretrained (tools/golden/checkpoint_golden.py) and their twins. */
class CheckpointGoldenTest {

  /** The folder of the committed files. */
  static Path golden() {
    try {
      return Path.of(
          Objects.requireNonNull(CheckpointGoldenTest.class.getResource("checkpoint")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static void assertEqual(Checkpoint expected, Checkpoint actual) {
    assertEquals(new HashSet<>(expected.names()), new HashSet<>(actual.names()));
    for (String name : expected.names()) {
      TensorView a = expected.tensor(name);
      TensorView b = actual.tensor(name);
      assertEquals(a.dtype(), b.dtype(), name);
      assertArrayEquals(a.shape(), b.shape(), name);
      byte[] bytes = a.data().toArray(ValueLayout.JAVA_BYTE);
      assertArrayEquals(bytes, b.data().toArray(ValueLayout.JAVA_BYTE), name);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tensors.zip.bin",
        "tensors.legacy.bin",
        "protocol4.zip.bin",
        "protocol5.zip.bin",
        "zip64.bin"
      })
  void everyTensorIsThatOfTorch(String name) throws IOException {
    try (var twin = SafetensorsFile.open(golden().resolve("tensors.safetensors"));
        var file = PyTorchFile.open(golden().resolve(name))) {
      assertTrue(twin.names().size() > 30, twin.toString());
      assertEqual(twin, file);
      assertEquals(name, file.label());
    }
  }

  @Test
  void contiguousTensorsAreViewsAndOthersAreCopiedOnce() throws IOException {
    try (var file = PyTorchFile.open(golden().resolve("tensors.zip.bin"))) {
      long base = file.tensor("view.base").data().address();
      assertEquals(base, file.tensor("tied.a").data().address());
      assertEquals(base + 6 * Float.BYTES, file.tensor("view.slice").data().address());
      assertTrue(file.tensor("view.base").data().isMapped());
      var transposed = file.tensor("view.transposed");
      assertTrue(transposed.data().isReadOnly() && !transposed.data().isMapped());
      assertEquals(transposed.data().address(), file.tensor("view.transposed").data().address());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"single-bin", "sharded-bin", "sharded-safetensors", "legacy-bin"})
  void everyFormOfAModelIsTheSame(String form) throws IOException {
    Path folder = golden().resolve("tiny-bert");
    try (var twin = SafetensorsFile.open(folder.resolve("model.safetensors"));
        var weights = Checkpoints.open(folder, form)) {
      // save_pretrained leaves tied tensors out of safetensors; the legacy file has a buffer more.
      for (String name : weights.names()) {
        if (!name.endsWith("position_ids")) {
          assertArrayEquals(
              twin.tensor(name).toFloatArray(), weights.tensor(name).toFloatArray(), name);
        }
      }
      ModelTensors tensors = ModelTensors.of(weights);
      assertEquals("bert.", tensors.prefix());
      tensors.require("embeddings.word_embeddings.weight", 40, 16);
      assertTrue(weights.names().size() >= twin.names().size() - 2, weights.toString());
      assertEquals(weights.source(), folder.resolve(weights.label()));
    }
  }
}
