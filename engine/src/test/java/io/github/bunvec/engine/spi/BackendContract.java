package io.github.bunvec.engine.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.bert.BertEncoder;
import io.github.bunvec.loader.PoolingMode;
import io.github.bunvec.loader.SafetensorsFile;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every backend must do in FP32, against states computed by torch.
 *
 * <p>The bar for hidden states is a rule, not a number: at most twice the error torch's own float32
 * makes against float64, both the greatest over all sequences of a model.
 */
public abstract class BackendContract extends BackendInvariants {

  private static final int LAYERS_AT_MOST = 4;

  @ParameterizedTest
  @MethodSource("models")
  public void hiddenStatesErrAtMostTwiceAsMuchAsTorch(GoldenModel model) {
    try (Backend backend = backend(WeightType.FP32, 2);
        SafetensorsFile states = model.states()) {
      BertEncoder encoder = model.load(backend);
      double[] bar = GoldenModel.doubles(states, "all.hidden.error.max");
      assertTrue(bar.length <= LAYERS_AT_MOST + 1);
      for (int layer = 0; layer < bar.length; layer++) {
        double worst = 0;
        for (String name : GoldenModel.sequences(states)) {
          worst = Math.max(worst, hiddenError(model, backend, encoder, states, name, layer));
        }
        assertTrue(
            worst <= 2 * bar[layer],
            "layer %d errs by %.2e, torch by %.2e".formatted(layer, worst, bar[layer]));
      }
    }
  }

  private static double hiddenError(
      GoldenModel model,
      Backend backend,
      BertEncoder encoder,
      SafetensorsFile states,
      String name,
      int layer) {
    int[] kept = GoldenModel.ints(states, name + ".rows");
    double[] expected = GoldenModel.doubles(states, name + ".hidden.f64");
    int hidden = states.tensor(name + ".hidden.f64").dim(2);
    float[] rows =
        run(model, backend, encoder.hiddenStates(layer), GoldenModel.ints(states, name + ".ids"));
    double worst = 0;
    for (int i = 0; i < kept.length; i++) {
      for (int j = 0; j < hidden; j++) {
        double exact = expected[(layer * kept.length + i) * hidden + j];
        worst = Math.max(worst, Math.abs(rows[kept[i] * hidden + j] - exact));
      }
    }
    return worst;
  }

  @ParameterizedTest
  @MethodSource("models")
  public void poolingsAreThoseOfSentenceTransformers(GoldenModel model) {
    List<PoolingMode> modes =
        List.of(
            PoolingMode.CLS,
            PoolingMode.MEAN,
            PoolingMode.MAX,
            PoolingMode.MEAN_SQRT_LEN,
            PoolingMode.WEIGHTED_MEAN,
            PoolingMode.LAST_TOKEN);
    try (Backend backend = backend(WeightType.FP32, 1);
        SafetensorsFile states = model.states()) {
      ForwardPass pass = model.embedding(backend, modes, false);
      double[] errors = GoldenModel.doubles(states, "all.hidden.error.max");
      for (String name : GoldenModel.sequences(states)) {
        int[] ids = GoldenModel.ints(states, name + ".ids");
        float[] expected = states.tensor(name + ".pooled.f32").toFloatArray();
        float[] found = run(model, backend, pass, ids);
        assertEquals(expected.length, found.length);
        int hidden = found.length / modes.size();
        for (int i = 0; i < found.length; i++) {
          // Ours and torch's float32, each within its bar; mean_sqrt_len adds up sqrt(n) of them.
          double scale =
              modes.get(i / hidden) == PoolingMode.MEAN_SQRT_LEN ? Math.sqrt(ids.length) : 1;
          assertEquals(
              expected[i],
              found[i],
              3 * errors[errors.length - 1] * scale,
              name + " " + modes.get(i / hidden));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  public void unitVectorsAreWithinFiveMillionthsOfTorch(GoldenModel model) {
    try (Backend backend = backend(WeightType.FP32, 2);
        SafetensorsFile states = model.states()) {
      ForwardPass pass = model.embedding(backend, List.of(PoolingMode.MEAN), true);
      for (String name : GoldenModel.sequences(states)) {
        float[] expected = states.tensor(name + ".unit.f32").toFloatArray();
        float[] found = run(model, backend, pass, GoldenModel.ints(states, name + ".ids"));
        assertArrayEquals(expected, found, 5e-6f, name);
      }
    }
  }
}
