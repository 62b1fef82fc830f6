package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.bert.BertEncoder;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.ModelTensors;
import io.github.bunvec.loader.SafetensorsFile;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hidden states of the demonstration model, layer by layer, against torch in float64. */
class MiniJaHiddenStatesTest {

  @ParameterizedTest
  @CsvSource({"cpu, FP32", "cpu, BF16", "reference, FP32"})
  void errAtMostTwiceAsMuchAsTorch(String name, WeightType type) throws IOException {
    try (SafetensorsFile states =
            SafetensorsFile.open(GoldenModel.folder().resolve("mini-ja-hidden.safetensors"));
        Backend backend = Backends.choose(name).provider().create(new BackendOptions(type, 2))) {
      BertEncoder encoder =
          ModelSource.bundled("mini-ja")
              .open(
                  directory ->
                      BertEncoder.load(
                          directory.config(), ModelTensors.of(directory.checkpoint()), backend));
      double[] bar = GoldenModel.doubles(states, "all.hidden.error.max");
      List<String> sequences = GoldenModel.sequences(states);
      assertEquals(3, sequences.size());
      for (String sequence : sequences) {
        int[] ids = GoldenModel.ints(states, sequence + ".ids");
        int[] kept = GoldenModel.ints(states, sequence + ".rows");
        double[] expected = GoldenModel.doubles(states, sequence + ".hidden.f64");
        for (int layer = 0; layer < bar.length; layer++) {
          float[][] out = new float[1][];
          backend.run(PackedBatch.of(List.of(ids)), encoder.hiddenStates(layer), out);
          double worst = 0;
          for (int i = 0; i < kept.length * 256; i++) {
            double exact = expected[layer * kept.length * 256 + i];
            worst = Math.max(worst, Math.abs(out[0][kept[i / 256] * 256 + i % 256] - exact));
          }
          assertTrue(worst <= 2 * bar[layer], sequence + " layer " + layer + ": " + worst);
        }
      }
    }
  }
}
