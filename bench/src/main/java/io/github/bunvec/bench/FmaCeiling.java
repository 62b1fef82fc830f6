package io.github.bunvec.bench;

import io.github.bunvec.engine.cpu.kernel.Ceiling;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The denominator: FMA in registers at the machine's preferred width, nothing else. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class FmaCeiling {

  private int steps = 10_000;

  /** Creates the benchmark. */
  public FmaCeiling() {}

  /**
   * Runs twelve chains.
   *
   * @param work counts FLOPs
   * @return the sum of the chains
   */
  @Benchmark
  public float twelveChains(Work work) {
    work.add(Ceiling.flops(12, steps));
    return Ceiling.twelve(steps);
  }

  /**
   * Runs twenty-four chains.
   *
   * @param work counts FLOPs
   * @return the sum of the chains
   */
  @Benchmark
  public float twentyFourChains(Work work) {
    work.add(Ceiling.flops(24, steps));
    return Ceiling.twentyFour(steps);
  }
}
