package io.github.bunvec.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.MixedTexts;
import io.github.bunvec.bench.RandomModel;
import io.github.bunvec.bench.Sentences;
import io.github.bunvec.bench.Vocabularies;
import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.BackendOptions;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.engine.spi.WeightType;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole models, measured on the CPU: the figures mean nothing, the way is the same. */
class MeasuredModelTest {

  private static final Ceilings CEILINGS = new Ceilings(1 << 30, 4e12, 800e12, 50e12, 400e12);

  /** In FP32 whatever is asked for: not every processor has BF16. */
  private static MeasuredBackend cpu(BackendOptions options) {
    return MeasuredModel.named("cpu")
        .apply(new BackendOptions(options.weightType(), options.threads()));
  }

  private static Settings settings() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new Settings(0, 64, 16, List.of("tiny"), 2, 0.01, 2, nowhere);
  }

  @Test
  void idsGiveTheVectorsOfTheirTexts() throws IOException {
    try (RandomModel random = RandomModel.write(BertShape.named("tiny"), Vocabularies.miniJa());
        MeasuredModel model =
            MeasuredModel.load(random.directory(), MeasuredModelTest::cpu, Arithmetic.FP32, 1)) {
      List<String> texts = MixedTexts.of(Sentences.read(), 40);
      List<float[]> vectors = new ArrayList<>();
      for (PackedBatch batch : EndToEndRun.pack(model, texts, 512)) {
        vectors.addAll(List.of(model.run(batch)));
      }
      assertArrayEquals(model.model().embedAll(texts), vectors.toArray(new float[0][]));
      assertTrue(model.deviceNanos() > 0);
    }
  }

  @Test
  void nobodyElseHasTheBackend() throws IOException {
    try (RandomModel random = RandomModel.write(BertShape.named("tiny"))) {
      IllegalStateException e =
          assertThrows(
              IllegalStateException.class,
              () ->
                  EmbeddingModel.builder(random.directory())
                      .backend(MeasuredBackendProvider.NAME)
                      .build());
      assertTrue(e.getMessage().contains("bench/gpu"), e.getMessage());
    }
  }

  @Test
  void encodersAreMeasured() throws IOException {
    EncoderRun run = new EncoderRun(settings(), MeasuredModelTest::cpu, CEILINGS);
    try (RandomModel random = RandomModel.write(BertShape.named("tiny"))) {
      run.measure("tiny", random, Arithmetic.BF16);
    }
    assertEquals(
        List.of("64", "128", "256"),
        run.throughput().rows().stream().map(row -> row.get(2).text()).toList());
    assertEquals(1, run.latency().rows().size());
  }

  @Test
  void textsAreMeasured() throws IOException {
    EndToEndRun run =
        new EndToEndRun(settings(), MeasuredModelTest::cpu, MixedTexts.of(Sentences.read(), 40));
    try (RandomModel random = RandomModel.write(BertShape.named("tiny"), Vocabularies.miniJa())) {
      run.measure("tiny", random);
    }
    assertTrue(run.table().rows().getFirst().get(4).text().endsWith("%"));
  }

  @Test
  void callsAreOfManyTexts() {
    List<String> texts = Collections.nCopies(2100, "x");
    assertEquals(
        List.of(1024, 1024, 52), EndToEndRun.calls(texts).stream().map(List::size).toList());
  }

  @Test
  void theCheckPassesWhatIsRightAndFailsWhatIsNot() throws IOException {
    GpuCheck right = new GpuCheck(MeasuredModelTest::cpu, MeasuredModel.named("reference"));
    assertTrue(right.run(), right.table().markdown());
    assertEquals(8, right.table().rows().size());
    // Rounded weights are as wrong as a kernel may be in BF16, and too wrong for FP32.
    MeasuredModel.Maker rounded =
        options ->
            MeasuredModel.named("cpu")
                .apply(new BackendOptions(WeightType.BF16, options.threads()));
    GpuCheck wrong = new GpuCheck(rounded, MeasuredModel.named("cpu"));
    assertFalse(wrong.run());
    assertEquals(
        List.of("FAILED", "passed"),
        wrong.table().rows().subList(0, 2).stream().map(row -> row.getLast().text()).toList());
  }
}
