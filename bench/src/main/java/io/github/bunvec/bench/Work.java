package io.github.bunvec.bench;

import io.github.bunvec.engine.cpu.kernel.Ceiling;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Counts the arithmetic of a benchmark beside its throughput.
 *
 * <p>The ceiling is measured before and after every iteration and the mean of both is the
 * denominator: on a machine that does other work too, or changes its clock, only figures of the
 * same moment can be divided by each other. As many threads measure it as compute.
 */
@State(Scope.Thread)
@AuxCounters
public class Work {

  private static final long INTERVAL = 100_000_000;

  /** Billions of floating-point operations; a multiplication and an addition are two. */
  public double gflops;

  /** Hundredths of the FMA ceiling of the threads that compute. */
  public double percentOfCeiling;

  private int threads;
  private double before;

  /** Creates counters at zero. */
  public Work() {}

  /**
   * Lets the ceiling's loops be compiled.
   *
   * @param params the benchmark's; its parameter {@code threads} says how many compute, one if it
   *     has none
   */
  @Setup(Level.Trial)
  public void warmUp(BenchmarkParams params) {
    threads = threads(params);
    Ceiling.warmUp();
  }

  /** Measures the ceiling. */
  @Setup(Level.Iteration)
  public void measureBefore() {
    before = AtOnce.gflops(threads, INTERVAL);
  }

  /** Measures the ceiling again and divides by the mean. */
  @TearDown(Level.Iteration)
  public void measureAfter() {
    percentOfCeiling = gflops / ((before + AtOnce.gflops(threads, INTERVAL)) / 2) * 100;
  }

  /**
   * Counts work.
   *
   * @param flops floating-point operations done
   */
  void add(double flops) {
    gflops += flops * 1e-9;
  }

  /** Returns how many threads a benchmark computes with. */
  static int threads(BenchmarkParams params) {
    String value = params.getParamsKeys().contains("threads") ? params.getParam("threads") : "1";
    return Integer.parseInt(value);
  }
}
