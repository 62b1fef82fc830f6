package io.github.bunvec.bench;

import io.github.bunvec.engine.EmbeddingModel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** What a user sees: real sentences through bunvec-mini-ja, sentences per second. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class EndToEndBenchmark {

  private static final int SENTENCES = 50;

  /** Threads that compute; {@link Benchmarks} sets 1 and the number of processors. */
  @Param({"1"})
  int threads;

  private EmbeddingModel model;
  private List<String> sentences;

  /** Creates the benchmark. */
  public EndToEndBenchmark() {}

  /**
   * Loads the model.
   *
   * @throws IOException if a resource cannot be read
   */
  @Setup
  public void load() throws IOException {
    sentences = Sentences.read();
    if (sentences.size() != SENTENCES) {
      throw new IllegalStateException(sentences.size() + " sentences, expected " + SENTENCES);
    }
    model = EmbeddingModel.bundled("mini-ja").threads(threads).build();
  }

  /** Frees the model's threads. */
  @TearDown
  public void close() {
    model.close();
  }

  /**
   * Embeds sentence by sentence.
   *
   * @param blackhole takes the vectors
   */
  @Benchmark
  @OperationsPerInvocation(SENTENCES)
  public void embed(Blackhole blackhole) {
    for (String sentence : sentences) {
      blackhole.consume(model.embed(sentence));
    }
  }

  /**
   * Embeds all sentences at once.
   *
   * @return the vectors
   */
  @Benchmark
  @OperationsPerInvocation(SENTENCES)
  public float[][] embedAll() {
    return model.embedAll(sentences);
  }
}
