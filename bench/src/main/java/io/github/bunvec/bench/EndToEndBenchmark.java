package io.github.bunvec.bench;

import io.github.bunvec.engine.EmbeddingModel;
import java.io.IOException;
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
import org.openjdk.jmh.infra.Blackhole;

/** What a user sees: real Japanese texts of mixed lengths through bunvec-mini-ja. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class EndToEndBenchmark {

  private static final int COUNT = 150;

  /** Fifty single sentences, or 150 texts of mixed lengths ({@link MixedTexts}). */
  @Param({"sentences", "mixed"})
  String corpus;

  /** Threads that compute; {@link Benchmarks} sets 1 and the number of processors. */
  @Param({"1"})
  int threads;

  private EmbeddingModel model;
  private List<String> sentences;
  private int tokens;

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
    if (corpus.equals("mixed")) {
      sentences = MixedTexts.of(sentences, COUNT);
    }
    model = EmbeddingModel.bundled("mini-ja").backend("cpu").threads(threads).build();
    tokens = 0;
    for (String sentence : sentences) {
      tokens += model.encode(sentence).tokens();
    }
  }

  /** Frees the model's threads. */
  @TearDown
  public void close() {
    model.close();
  }

  /**
   * Embeds text by text.
   *
   * @param texts counts texts and tokens
   * @param blackhole takes the vectors
   */
  @Benchmark
  public void embed(Texts texts, Blackhole blackhole) {
    for (String sentence : sentences) {
      blackhole.consume(model.embed(sentence));
    }
    texts.add(sentences.size(), tokens);
  }

  /**
   * Embeds all texts at once.
   *
   * @param texts counts texts and tokens
   * @return the vectors
   */
  @Benchmark
  public float[][] embedAll(Texts texts) {
    texts.add(sentences.size(), tokens);
    return model.embedAll(sentences);
  }
}
