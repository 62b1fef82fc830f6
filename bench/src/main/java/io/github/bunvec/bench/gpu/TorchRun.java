package io.github.bunvec.bench.gpu;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.RandomModel;
import io.github.bunvec.bench.peers.Statistics;
import io.github.bunvec.bench.peers.Statistics.Quartiles;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.PackedBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures bunvec and torch in turns on the same GPU, shapes and token ids, in BF16. */
final class TorchRun {

  private final Settings settings;
  private final MeasuredModel.Maker maker;
  private final TorchProcess torch;
  private final Table table;

  TorchRun(Settings settings, MeasuredModel.Maker maker, TorchProcess torch) {
    this.settings = settings;
    this.maker = maker;
    this.torch = torch;
    this.table =
        new Table(
            "Beside torch, BF16, texts of %d tokens".formatted(settings.length()),
            """
            Time on the device by events, medians of %d turns each; ratios are within a turn, \
            quartiles in brackets, and more than 1 means that bunvec is faster. bunvec's time \
            includes the copies of ids and vectors and waiting for the host, torch's does not. On \
            the wall: from ids on the host to vectors on the host, one caller. torch: BertModel of \
            transformers with random weights, SDPA without a mask, compiled as the last column \
            says, mean pooling, unit vectors."""
                .formatted(settings.rounds()),
            "model",
            "texts",
            "bunvec",
            "torch",
            "sentences/s, bunvec",
            "sentences/s, torch",
            "ratio",
            "on the wall, bunvec",
            "on the wall, torch",
            "torch.compile");
  }

  /** Returns what {@link #measure} has found. */
  Table table() {
    return table;
  }

  /** Times of both in every turn. */
  private record Turns(
      List<Double> ours, List<Double> theirs, List<Double> ourWall, List<Double> theirWall) {

    Turns() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    Quartiles ratios() {
      return Statistics.quartiles(Statistics.ratios(array(theirs), array(ours)));
    }

    private static double[] array(List<Double> values) {
      return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  /**
   * Measures a model.
   *
   * @return what torch says of itself
   */
  String measure(String name, RandomModel random) throws IOException {
    BertShape shape = random.shape();
    JsonObject loaded =
        torch.ask(
            Map.of(
                "op", "load",
                "layers", shape.layers(),
                "hidden", shape.hidden(),
                "heads", shape.heads(),
                "intermediate", shape.intermediate(),
                "vocabulary", shape.vocabulary(),
                "positions", shape.positions()));
    try (MeasuredModel model = MeasuredModel.load(random.directory(), maker, Arithmetic.BF16, 1)) {
      measure(name, shape, model, 1);
      for (int tokens = settings.tokens(); tokens <= settings.most(); tokens *= 2) {
        measure(name, shape, model, tokens / settings.length());
      }
    }
    return loaded.get("version").getAsString();
  }

  private void measure(String name, BertShape shape, MeasuredModel model, int count)
      throws IOException {
    settings.say("%s beside torch: %d texts".formatted(name, count));
    List<int[]> ids = Ids.equal(shape.vocabulary(), count, settings.length());
    PackedBatch batch = PackedBatch.of(ids);
    CallTimes.warmUp(model, batch);
    JsonObject prepared = torch.ask(Map.of("op", "prepare", "ids", ids));
    Turns turns = new Turns();
    for (int round = 0; round < settings.rounds(); round++) {
      CallTimes ours = CallTimes.of(model, batch, settings.seconds());
      turns.ours().add(ours.deviceNanos());
      turns.ourWall().add(ours.wallNanos());
      JsonObject theirs = torch.ask(Map.of("op", "run", "seconds", settings.seconds()));
      turns.theirs().add(median(theirs, "device"));
      turns.theirWall().add(median(theirs, "wall"));
    }
    add(name, count, turns, prepared.get("mode").getAsString());
  }

  private static double median(JsonObject answer, String name) {
    List<Double> nanos = new ArrayList<>();
    for (JsonElement value : answer.getAsJsonArray(name)) {
      nanos.add(value.getAsDouble());
    }
    return CallTimes.median(nanos);
  }

  private void add(String name, int count, Turns turns, String mode) {
    double ours = CallTimes.median(turns.ours());
    double theirs = CallTimes.median(turns.theirs());
    Quartiles ratios = turns.ratios();
    table.add(
        Cell.of(name),
        Cell.count(count),
        Cell.micros(ours),
        Cell.micros(theirs),
        Cell.rate(1e9 * count / ours),
        Cell.rate(1e9 * count / theirs),
        new Cell(
            String.format(
                Locale.ROOT, "%.2f× [%.2f to %.2f]", ratios.median(), ratios.low(), ratios.high()),
            ratios.median()),
        Cell.micros(CallTimes.median(turns.ourWall())),
        Cell.micros(CallTimes.median(turns.theirWall())),
        Cell.of(mode));
  }
}
