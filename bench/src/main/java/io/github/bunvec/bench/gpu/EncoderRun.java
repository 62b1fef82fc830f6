package io.github.bunvec.bench.gpu;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.RandomModel;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.PackedBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Measures whole models on token ids: the device alone, then with many callers. */
final class EncoderRun {

  private static final int STREAMS = 2;

  private final Settings settings;
  private final MeasuredModel.Maker maker;
  private final Ceilings ceilings;
  private final Table throughput;
  private final Table latency;

  EncoderRun(Settings settings, MeasuredModel.Maker maker, Ceilings ceilings) {
    this.settings = settings;
    this.maker = maker;
    this.ceilings = ceilings;
    this.throughput =
        new Table(
            "Whole models, texts of %d tokens".formatted(settings.length()),
            """
            Random weights and ids, mean pooling, unit vectors. The device's time is the median of \
            calls on one stream, by events, and includes the copies of ids and vectors. Operations \
            are those of linear layers and of attention's products. The last column is by the \
            clock on the wall: %d threads call a model of %d streams."""
                .formatted(settings.callers(), STREAMS),
            "model",
            "arithmetic",
            "tokens",
            "time on the device",
            "sentences/s",
            "TFLOP/s",
            "share of the ceiling",
            "sentences/s, " + settings.callers() + " callers");
    this.latency =
        new Table(
            "One text of %d tokens".formatted(settings.length()),
            "Medians. On the wall: from ids in Java to a vector in Java.",
            "model",
            "arithmetic",
            "on the device",
            "on the wall");
  }

  /** Returns what {@link #measure} has found about batches. */
  Table throughput() {
    return throughput;
  }

  /** Returns what {@link #measure} has found about single texts. */
  Table latency() {
    return latency;
  }

  /** Measures a model. */
  void measure(String name, RandomModel random, Arithmetic arithmetic) throws IOException {
    BertShape shape = random.shape();
    List<PackedBatch> batches = new ArrayList<>();
    for (int tokens = settings.tokens(); tokens <= settings.most(); tokens *= 2) {
      batches.add(batch(shape, tokens / settings.length()));
    }
    List<Double> nanos = new ArrayList<>();
    settings.say("%s %s: one stream".formatted(name, arithmetic));
    try (MeasuredModel model = MeasuredModel.load(random.directory(), maker, arithmetic, 1)) {
      PackedBatch one = batch(shape, 1);
      CallTimes.warmUp(model, one);
      CallTimes single = CallTimes.of(model, one, settings.seconds());
      latency.add(
          Cell.of(name),
          Cell.of(arithmetic.toString()),
          Cell.micros(single.deviceNanos()),
          Cell.micros(single.wallNanos()));
      for (PackedBatch batch : batches) {
        CallTimes.warmUp(model, batch);
        nanos.add(CallTimes.of(model, batch, settings.seconds()).deviceNanos());
      }
    }
    settings.say("%s %s: %d callers".formatted(name, arithmetic, settings.callers()));
    try (MeasuredModel model = MeasuredModel.load(random.directory(), maker, arithmetic, STREAMS)) {
      for (int i = 0; i < batches.size(); i++) {
        add(name, shape, arithmetic, batches.get(i), nanos.get(i), together(model, batches.get(i)));
      }
    }
  }

  private PackedBatch batch(BertShape shape, int sequences) {
    return PackedBatch.of(Ids.equal(shape.vocabulary(), sequences, settings.length()));
  }

  /** Returns sentences per second of many callers. */
  private double together(MeasuredModel model, PackedBatch batch) {
    // Both streams must have recorded the batch: they take what is there by turns.
    Callers.run(settings.callers(), settings.seconds() / 2, _ -> model.run(batch).length);
    return Callers.run(settings.callers(), settings.seconds(), _ -> model.run(batch).length)
        .perSecond();
  }

  private void add(
      String name,
      BertShape shape,
      Arithmetic arithmetic,
      PackedBatch batch,
      double nanos,
      double together) {
    double rate = 1e9 * batch.sequences() * shape.flops(settings.length()) / nanos;
    double ceiling =
        switch (arithmetic) {
          case BF16 -> ceilings.bf16();
          case TF32 -> ceilings.tf32();
          case FP32, AUTO -> ceilings.fp32();
        };
    throughput.add(
        Cell.of(name),
        Cell.of(arithmetic.toString()),
        Cell.count(batch.tokens()),
        Cell.micros(nanos),
        Cell.rate(1e9 * batch.sequences() / nanos),
        Cell.teraflops(rate),
        Cell.percent(rate / ceiling),
        Cell.rate(together));
  }
}
