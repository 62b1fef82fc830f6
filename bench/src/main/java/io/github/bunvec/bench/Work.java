package io.github.bunvec.bench;

import io.github.bunvec.engine.cpu.kernel.Ceiling;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Counts the arithmetic of a benchmark beside its throughput.
 *
 * <p>The ceiling is measured again before every iteration: on a machine that does other work too,
 * or changes its clock, only figures of the same moment can be divided by each other.
 */
@State(Scope.Thread)
@AuxCounters
public class Work {

  /** Billions of floating-point operations; a multiplication and an addition are two. */
  public double gflops;

  /** Hundredths of the FMA ceiling of the threads that compute. */
  public double percentOfCeiling;

  private double ceiling;

  /** Creates counters at zero. */
  public Work() {}

  /** Lets the ceiling's loops be compiled. */
  @Setup(Level.Trial)
  public void warmUp() {
    Ceiling.warmUp();
  }

  /** Measures the ceiling of this thread. */
  @Setup(Level.Iteration)
  public void measureCeiling() {
    ceiling = Ceiling.gflops();
  }

  /**
   * Counts work.
   *
   * @param flops floating-point operations done
   * @param threads on how many threads, each with a core of its own
   */
  void add(double flops, int threads) {
    gflops += flops * 1e-9;
    percentOfCeiling += flops * 1e-9 / ceiling / threads * 100;
  }
}
