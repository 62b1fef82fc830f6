package io.github.bunvec.engine.modules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.loader.DenseConfig;
import io.github.bunvec.loader.SafetensorsFile;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Against torch in float64 (tools/golden/sentence_transformers_golden.py). */
class DenseActivationsTest {

  @Test
  void everyClassComputesWhatTorchDoes() throws IOException {
    try (SafetensorsFile golden =
        SafetensorsFile.open(
            GoldenModel.folder().resolveSibling("pipelines").resolve("activations.safetensors"))) {
      float[] x = golden.tensor("x").toFloatArray();
      assertEquals(DenseConfig.ACTIVATIONS.size() + 1, golden.names().size());
      for (String name : DenseConfig.ACTIVATIONS) {
        Activation activation = DenseActivations.named(name);
        double[] expected = GoldenModel.doubles(golden, name);
        for (int i = 0; i < x.length; i++) {
          double tolerance = 1e-13 * Math.max(1, Math.abs(expected[i]));
          assertEquals(expected[i], activation.at(x[i]), tolerance, name + "(" + x[i] + ")");
        }
      }
    }
  }

  @Test
  void othersAreNoActivation() {
    assertThrows(IllegalArgumentException.class, () -> DenseActivations.named("PReLU"));
  }
}
