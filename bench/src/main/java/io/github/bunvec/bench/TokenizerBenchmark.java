package io.github.bunvec.bench;

import io.github.bunvec.engine.EmbeddingModel;
import io.github.bunvec.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Text to token ids with the tokenizer of bunvec-mini-ja on one thread: sentences per second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class TokenizerBenchmark {

  private static final int SENTENCES = 50;
  private static final int MAX_LENGTH = 512;

  /** What the sentences consist of. */
  @State(Scope.Thread)
  @AuxCounters
  public static class Text {

    /** UTF-16 units read. */
    public long characters;

    /** Ids written. */
    public long tokens;

    /** Creates counters at zero. */
    public Text() {}
  }

  private Tokenizer tokenizer;
  private List<String> sentences;

  /** Creates the benchmark. */
  public TokenizerBenchmark() {}

  /**
   * Takes the model's tokenizer.
   *
   * @throws IOException if a resource cannot be read
   */
  @Setup
  public void load() throws IOException {
    sentences = Sentences.read();
    if (sentences.size() != SENTENCES) {
      throw new IllegalStateException(sentences.size() + " sentences, expected " + SENTENCES);
    }
    try (EmbeddingModel model = EmbeddingModel.bundled("mini-ja").backend("cpu").build()) {
      tokenizer = model.tokenizer();
    }
  }

  /**
   * Tokenises every sentence.
   *
   * @param text counts characters and tokens
   * @param blackhole takes the ids
   */
  @Benchmark
  @OperationsPerInvocation(SENTENCES)
  public void encode(Text text, Blackhole blackhole) {
    for (String sentence : sentences) {
      int[] ids = tokenizer.encode(sentence, MAX_LENGTH).ids();
      text.characters += sentence.length();
      text.tokens += ids.length;
      blackhole.consume(ids);
    }
  }
}
