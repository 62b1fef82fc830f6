package io.github.bunvec.bench;

import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.engine.spi.Arithmetic;
import io.github.bunvec.engine.spi.WeightType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Whole models with random weights: batches per second.
 *
 * <p>It goes through {@link EmbeddingModel} and so includes tokenisation, of text that is easy to
 * cut and much less work than the encoder.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class EncoderBenchmark {

  /** A name {@link BertShape#named} knows. */
  @Param({"bert-base", "mini-ja"})
  String model;

  /** Texts x tokens, or 64 texts of mixed lengths: half up to 20 tokens, a few beyond 100. */
  @Param({
    "1x8", "1x16", "1x32", "1x64", "1x128", "1x256", "1x512", "64x16", "32x32", "8x128", "2x512",
    "mixed"
  })
  String batch;

  /** How the weights are kept. */
  @Param WeightType type;

  /** What linear layers are multiplied in; BF16 only where the processor has it. */
  @Param({"FP32"})
  Arithmetic arithmetic;

  /** Threads that compute; {@link Benchmarks} sets 1 and the number of processors. */
  @Param({"1"})
  int threads;

  private EmbeddingModel embedder;
  private List<String> batchTexts;
  private double flops;
  private double weightBytes;
  private int tokens;

  /** Creates the benchmark. */
  public EncoderBenchmark() {}

  /**
   * Writes and loads the model.
   *
   * @throws IOException if the temporary folder cannot be written
   */
  @Setup
  public void load() throws IOException {
    try (RandomModel random = RandomModel.write(BertShape.named(model))) {
      embedder =
          EmbeddingModel.builder(random.directory())
              .backend("cpu")
              .weightType(type)
              .arithmetic(arithmetic)
              .threads(threads)
              .build();
      batchTexts = new ArrayList<>();
      flops = 0;
      tokens = 0;
      weightBytes = random.shape().layerWeights() * (type == WeightType.BF16 ? 2.0 : 4.0);
      for (int length : Batches.lengths(batch)) {
        String text = random.text(length, RandomValues.random("text " + batchTexts.size()));
        int found = embedder.encode(text).tokens();
        if (found != length) {
          throw new IllegalStateException("a text has " + found + " tokens, expected " + length);
        }
        tokens += found;
        batchTexts.add(text);
        flops += random.shape().flops(length);
      }
    }
  }

  /** Frees the model's threads. */
  @TearDown
  public void close() {
    embedder.close();
  }

  /**
   * Embeds the batch.
   *
   * @param work counts FLOPs
   * @param roof counts FLOPs and the weights' bytes, read once a batch
   * @param texts counts texts and tokens
   * @return the vectors
   */
  @Benchmark
  public float[][] embed(Work work, Roof roof, Texts texts) {
    work.add(flops);
    roof.add(flops, weightBytes);
    texts.add(batchTexts.size(), tokens);
    return embedder.embedAll(batchTexts);
  }
}
