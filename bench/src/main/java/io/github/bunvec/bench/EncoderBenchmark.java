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
  @Param({"1x16", "1x32", "1x128", "32x32", "mixed"})
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
  private List<String> texts;
  private double flops;

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
              .weightType(type)
              .arithmetic(arithmetic)
              .threads(threads)
              .build();
      texts = new ArrayList<>();
      flops = 0;
      for (int length : Batches.lengths(batch)) {
        String text = random.text(length, RandomValues.random("text " + texts.size()));
        int tokens = embedder.encode(text).tokens();
        if (tokens != length) {
          throw new IllegalStateException("a text has " + tokens + " tokens, expected " + length);
        }
        texts.add(text);
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
   * @return the vectors
   */
  @Benchmark
  public float[][] embed(Work work) {
    work.add(flops, threads);
    return embedder.embedAll(texts);
  }
}
