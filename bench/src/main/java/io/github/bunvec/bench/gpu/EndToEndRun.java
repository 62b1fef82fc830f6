package io.github.bunvec.bench.gpu;

import io.github.bunvec.bench.RandomModel;
import io.github.bunvec.bench.peers.Statistics;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.PackedBatch;
import io.github.bunvec.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures texts of mixed lengths from text to vector against the same texts' ids: whoever has ids
 * keeps the device as busy as it gets.
 */
final class EndToEndRun {

  private static final int STREAMS = 2;
  private static final int TEXTS_OF_CALL = 1024;

  /** Tokens of a batch of ids. */
  private static final int TOKENS_OF_BATCH = 8192;

  private final Settings settings;
  private final MeasuredModel.Maker maker;
  private final List<String> texts;
  private final Table table;

  /**
   * Takes texts.
   *
   * @param settings how it measures
   * @param maker makes backends
   * @param texts what is embedded
   */
  EndToEndRun(Settings settings, MeasuredModel.Maker maker, List<String> texts) {
    this.settings = settings;
    this.maker = maker;
    this.texts = List.copyOf(texts);
    this.table =
        new Table(
            "Texts of mixed lengths, from text to vector",
            """
            BF16, %,d texts, %d threads that call a model of %d streams with up to %,d texts at a \
            time. From ids: the same threads hand the backend the same texts, tokenized beforehand \
            and packed to %,d tokens. The ratio, a median of %d turns, says how busy the tokenizer lets the \
            device be."""
                .formatted(
                    texts.size(),
                    settings.callers(),
                    STREAMS,
                    TEXTS_OF_CALL,
                    TOKENS_OF_BATCH,
                    settings.rounds()),
            "model",
            "tokens of a text",
            "texts/s from text",
            "texts/s from ids",
            "ratio");
  }

  /** Returns what {@link #measure} has found. */
  Table table() {
    return table;
  }

  /** Measures a model, whose vocabulary should be a real one. */
  void measure(String name, RandomModel random) throws IOException {
    settings.say("%s: from text to vector".formatted(name));
    try (MeasuredModel model =
        MeasuredModel.load(random.directory(), maker, Arithmetic.BF16, STREAMS)) {
      List<List<String>> calls = calls(texts);
      List<List<PackedBatch>> packed = new ArrayList<>();
      long tokens = 0;
      for (List<String> call : calls) {
        List<PackedBatch> batches = pack(model, call, random.shape().positions());
        tokens += batches.stream().mapToLong(PackedBatch::tokens).sum();
        packed.add(batches);
      }
      fromIds(model, packed);
      fromTexts(model, calls);
      double[] ids = new double[settings.rounds()];
      double[] text = new double[settings.rounds()];
      for (int round = 0; round < settings.rounds(); round++) {
        ids[round] = fromIds(model, packed);
        text[round] = fromTexts(model, calls);
      }
      table.add(
          Cell.of(name),
          Cell.rate((double) tokens / texts.size()),
          Cell.rate(Statistics.median(text)),
          Cell.rate(Statistics.median(ids)),
          Cell.percent(Statistics.median(Statistics.ratios(text, ids))));
    }
  }

  /** Cuts texts into those of a call each. */
  static List<List<String>> calls(List<String> texts) {
    List<List<String>> calls = new ArrayList<>();
    for (int from = 0; from < texts.size(); from += TEXTS_OF_CALL) {
      calls.add(texts.subList(from, Math.min(from + TEXTS_OF_CALL, texts.size())));
    }
    return calls;
  }

  /** Tokenizes and packs the texts of a call. */
  static List<PackedBatch> pack(MeasuredModel model, List<String> call, int maxLength) {
    Tokenizer tokenizer = model.model().tokenizer();
    List<PackedBatch> batches = new ArrayList<>();
    List<int[]> pending = new ArrayList<>();
    int tokens = 0;
    for (String text : call) {
      int[] ids = tokenizer.encode(model.model().prepare(text), maxLength).ids();
      pending.add(ids);
      tokens += ids.length;
      if (tokens >= TOKENS_OF_BATCH) {
        batches.add(PackedBatch.of(pending));
        pending.clear();
        tokens = 0;
      }
    }
    if (!pending.isEmpty()) {
      batches.add(PackedBatch.of(pending));
    }
    return batches;
  }

  private double fromIds(MeasuredModel model, List<List<PackedBatch>> calls) {
    AtomicInteger next = new AtomicInteger();
    return Callers.run(
            settings.callers(),
            settings.seconds(),
            _ -> {
              long done = 0;
              for (PackedBatch batch : calls.get(next.getAndIncrement() % calls.size())) {
                done += model.run(batch).length;
              }
              return done;
            })
        .perSecond();
  }

  private double fromTexts(MeasuredModel model, List<List<String>> calls) {
    AtomicInteger next = new AtomicInteger();
    return Callers.run(
            settings.callers(),
            settings.seconds(),
            _ -> model.model().embedAll(calls.get(next.getAndIncrement() % calls.size())).length)
        .perSecond();
  }
}
