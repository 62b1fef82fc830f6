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
 * Compares work with the roof over it: what the FMA ceiling and the bandwidth of memory, both
 * measured before and after every iteration on as many threads as compute, leave possible.
 *
 * <p>The roof is min(ceiling, bandwidth x intensity), and intensity the FLOPs done per byte of
 * weights, each of which is counted as read once a call. Where weights stay in a cache more than
 * the whole roof is possible.
 */
@State(Scope.Thread)
@AuxCounters
public class Roof {

  private static final long INTERVAL = 100_000_000;

  /** More than four times the last cache of most machines. */
  private static final int MEGABYTES = 512;

  /** Hundredths of the roof. */
  public double percentOfRoof;

  private final Bandwidth memory = new Bandwidth(MEGABYTES);
  private int threads;
  private double flops;
  private double bytes;
  private double ceiling;
  private double bandwidth;

  /** Creates counters at zero. */
  public Roof() {}

  /**
   * Lets the loops be compiled.
   *
   * @param params the benchmark's
   */
  @Setup(Level.Trial)
  public void warmUp(BenchmarkParams params) {
    threads = Work.threads(params);
    Ceiling.warmUp();
    memory.gigabytes(threads, INTERVAL);
  }

  /** Measures ceiling and bandwidth. */
  @Setup(Level.Iteration)
  public void measureBefore() {
    flops = 0;
    bytes = 0;
    ceiling = AtOnce.gflops(threads, INTERVAL);
    bandwidth = memory.gigabytes(threads, INTERVAL);
  }

  /** Measures both again and divides by the roof of the means. */
  @TearDown(Level.Iteration)
  public void measureAfter() {
    double compute = (ceiling + AtOnce.gflops(threads, INTERVAL)) / 2;
    double read = (bandwidth + memory.gigabytes(threads, INTERVAL)) / 2;
    percentOfRoof = flops * 1e-9 / gflops(compute, read, flops / bytes) * 100;
  }

  /**
   * Counts work.
   *
   * @param done floating-point operations done
   * @param read bytes of weights read
   */
  void add(double done, double read) {
    flops += done;
    bytes += read;
  }

  /** Returns the roof in GFLOP/s of a ceiling in GFLOP/s, GB/s and FLOPs a byte. */
  static double gflops(double ceiling, double bandwidth, double intensity) {
    return Math.min(ceiling, bandwidth * intensity);
  }
}
