package io.github.bunvec.bench;

import io.github.bunvec.engine.cpu.kernel.Attention;
import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Self-attention of twelve heads 64 wide over one sequence on one thread: 4 length^2 64 FLOPs a
 * head for the two products; the softmax counts as overhead.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class AttentionBenchmark {

  private static final int HEADS = 12;
  private static final int WIDTH = 64;
  private static final int HIDDEN = HEADS * WIDTH;

  /** Tokens of the sequence. */
  @Param({"16", "32", "64", "128", "256", "512"})
  int length;

  /** Vector width of the products; {@link Benchmarks} leaves out what the processor lacks. */
  @Param({"512", "256", "128"})
  int bits;

  private final Attention.Scratch scratch = new Attention.Scratch();
  private GemmKernel kernel;
  private float[] qkv;
  private float[] out;

  /** Creates the benchmark. */
  public AttentionBenchmark() {}

  /** Fills query, key and value. */
  @Setup
  public void fill() {
    kernel = GemmKernel.ofBits(bits);
    qkv = RandomValues.of("qkv", length * 3 * HIDDEN, 1f);
    out = new float[length * HIDDEN];
  }

  /**
   * Runs all heads.
   *
   * @param work counts FLOPs
   * @return the output
   */
  @Benchmark
  public float[] heads(Work work) {
    for (int head = 0; head < HEADS; head++) {
      int q = head * WIDTH;
      Attention.head(
          kernel,
          length,
          length,
          WIDTH,
          qkv,
          q,
          q + HIDDEN,
          q + 2 * HIDDEN,
          3 * HIDDEN,
          out,
          q,
          HIDDEN,
          scratch);
    }
    work.add(4.0 * length * length * HIDDEN);
    return out;
  }
}
