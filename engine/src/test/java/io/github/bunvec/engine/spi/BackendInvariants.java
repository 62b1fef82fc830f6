package io.github.bunvec.engine.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.engine.bert.BertEncoder;
import io.github.bunvec.loader.PoolingMode;
import io.github.bunvec.loader.SafetensorsFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every backend must do, whatever it computes in. */
public abstract class BackendInvariants {

  /** Makes the backend under test. */
  protected abstract Backend backend(WeightType weightType, int threads);

  public static List<GoldenModel> models() {
    List<GoldenModel> models = GoldenModel.all();
    assertEquals(14, models.size(), "golden models");
    return models;
  }

  static float[] run(GoldenModel model, Backend backend, ForwardPass pass, int[] ids) {
    return run(model, backend, pass, List.of(ids))[0];
  }

  static float[][] run(
      GoldenModel model, Backend backend, ForwardPass pass, List<int[]> sequences) {
    float[][] out = new float[sequences.size()][];
    backend.run(PackedBatch.of(sequences, model.positions(), 0), pass, out);
    return out;
  }

  @ParameterizedTest
  @MethodSource("models")
  public void bfloat16WeightsKeepTheDirection(GoldenModel model) {
    try (Backend backend = backend(WeightType.BF16, 2);
        SafetensorsFile states = model.states()) {
      ForwardPass pass = model.embedding(backend, List.of(PoolingMode.MEAN), true);
      for (String name : GoldenModel.sequences(states)) {
        double[] expected = GoldenModel.doubles(states, name + ".unit.f64");
        float[] found = run(model, backend, pass, GoldenModel.ints(states, name + ".ids"));
        double cosine = 0;
        for (int i = 0; i < found.length; i++) {
          cosine += expected[i] * found[i];
        }
        assertTrue(cosine >= 0.9998, name + ": cosine " + cosine);
      }
    }
  }

  /** Alone, in any batch, any order, with any number of threads: the same bits. */
  @ParameterizedTest
  @MethodSource("models")
  public void vectorsDoNotDependOnTheCompany(GoldenModel model) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (WeightType type : WeightType.values()) {
      List<int[]> sequences = new ArrayList<>();
      List<float[]> alone = new ArrayList<>();
      try (Backend backend = backend(type, 1)) {
        ForwardPass pass = model.embedding(backend, List.of(PoolingMode.MEAN), false);
        for (int i = 0; i < 24; i++) {
          sequences.add(ids(random, i == 0 ? 128 : 1 + random.nextInt(60)));
          alone.add(run(model, backend, pass, sequences.get(i)));
        }
      }
      for (int threads : new int[] {1, 2, 3, 5, 8}) {
        try (Backend backend = backend(type, threads)) {
          ForwardPass pass = model.embedding(backend, List.of(PoolingMode.MEAN), false);
          for (int size : new int[] {1, 2, 7, sequences.size()}) {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < sequences.size(); i++) {
              order.add(i);
            }
            Collections.shuffle(order, random);
            order = order.subList(0, size);
            float[][] together =
                run(model, backend, pass, order.stream().map(sequences::get).toList());
            for (int i = 0; i < size; i++) {
              assertArrayEquals(
                  alone.get(order.get(i)),
                  together[i],
                  "seed " + seed + " threads " + threads + " batch of " + size + " " + type);
            }
          }
        }
      }
    }
  }

  /** Where only first tokens are read, the last layer computes no others; the values stay. */
  @ParameterizedTest
  @MethodSource("models")
  public void firstTokensAloneAreTheFirstOfAllTokens(GoldenModel model) {
    Random random = new Random(17);
    List<int[]> sequences = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      sequences.add(ids(random, i == 0 ? 128 : 1 + random.nextInt(60)));
    }
    for (int threads : new int[] {1, 3, 8}) {
      try (Backend backend = backend(WeightType.FP32, threads)) {
        BertEncoder encoder = model.load(backend);
        ForwardPass pass = model.embedding(backend, List.of(PoolingMode.CLS), false);
        float[][] first = run(model, backend, pass, sequences);
        float[][] all = run(model, backend, encoder.hiddenStates(model.layers()), sequences);
        for (int i = 0; i < first.length; i++) {
          assertArrayEquals(Arrays.copyOf(all[i], first[i].length), first[i], "sequence " + i);
        }
      }
    }
  }

  @Test
  public void anEmptyBatchGivesNothing() {
    try (Backend backend = backend(WeightType.FP32, 2)) {
      GoldenModel model = models().getFirst();
      ForwardPass pass = model.embedding(backend, List.of(PoolingMode.CLS), true);
      assertEquals(0, run(model, backend, pass, List.of()).length);
    }
  }

  @Test
  public void refusesIdsOutsideTheTable() {
    try (Backend backend = backend(WeightType.FP32, 2)) {
      GoldenModel model = models().getFirst();
      ForwardPass pass = model.embedding(backend, List.of(PoolingMode.CLS), true);
      for (int id : new int[] {-1, 1_000_000}) {
        List<int[]> batch = List.of(new int[] {1, 2, 3}, new int[] {1, id});
        assertThrows(RuntimeException.class, () -> run(model, backend, pass, batch));
      }
      // And goes on working.
      assertEquals(2, run(model, backend, pass, List.of(new int[] {1}, new int[] {2})).length);
    }
  }

  static int[] ids(Random random, int length) {
    return random.ints(length, 0, 90).toArray();
  }
}
