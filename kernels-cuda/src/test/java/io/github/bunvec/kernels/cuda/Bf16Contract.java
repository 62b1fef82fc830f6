package io.github.bunvec.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.Backend;
import io.github.bunvec.engine.spi.BackendInvariants;
import io.github.bunvec.engine.spi.ForwardPass;
import io.github.bunvec.engine.spi.GoldenModel;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.loader.PoolingMode;
import io.github.bunvec.loader.SafetensorsFile;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The backend in BF16 arithmetic, where rows of tokens are BF16, too. */
abstract class Bf16Contract extends BackendInvariants {

  /** What every backend in BF16 must keep. */
  private static final double LEAST_COSINE = 0.9998;

  private static float[] run(GoldenModel model, Backend backend, ForwardPass pass, int[] ids) {
    float[][] out = new float[1][];
    backend.run(PackedBatch.of(List.of(ids), model.positions(), 0), pass, out);
    return out[0];
  }

  @ParameterizedTest
  @MethodSource("models")
  void keepsTheDirectionOfExactVectors(GoldenModel model) {
    try (Backend backend = backend(WeightType.FP32, 2);
        SafetensorsFile states = model.states()) {
      assertEquals(Arithmetic.BF16, backend.arithmetic());
      ForwardPass pass = model.embedding(backend, List.of(PoolingMode.MEAN), true);
      for (String name : GoldenModel.sequences(states)) {
        double[] expected = GoldenModel.doubles(states, name + ".unit.f64");
        float[] found = run(model, backend, pass, GoldenModel.ints(states, name + ".ids"));
        assertNear(expected, found, name);
      }
    }
  }

  /**
   * Not to the bit, as in FP32: a row of a sequence stays FP32 where the last layer computes no
   * others, while rows of tokens are rounded.
   */
  @Override
  @ParameterizedTest
  @MethodSource("models")
  public void firstTokensAloneAreTheFirstOfAllTokens(GoldenModel model) {
    try (Backend backend = backend(WeightType.FP32, 2);
        SafetensorsFile states = model.states()) {
      ForwardPass first = model.embedding(backend, List.of(PoolingMode.CLS), false);
      ForwardPass all = model.load(backend).hiddenStates(model.layers());
      for (String name : GoldenModel.sequences(states)) {
        int[] ids = GoldenModel.ints(states, name + ".ids");
        float[] alone = run(model, backend, first, ids);
        double[] expected = new double[alone.length];
        float[] rows = run(model, backend, all, ids);
        for (int i = 0; i < expected.length; i++) {
          expected[i] = rows[i];
        }
        assertNear(expected, alone, name);
      }
    }
  }

  private static void assertNear(double[] expected, float[] found, String name) {
    double product = 0;
    double squares = 0;
    double own = 0;
    for (int i = 0; i < found.length; i++) {
      product += expected[i] * found[i];
      squares += expected[i] * expected[i];
      own += (double) found[i] * found[i];
    }
    double cosine = product / Math.sqrt(squares * own);
    assertTrue(cosine >= LEAST_COSINE, name + ": cosine " + cosine);
  }
}
