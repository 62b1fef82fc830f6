package io.github.bunvec.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The roof of everything that reads weights once: one thread reads and sums a long array. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class StreamCeiling {

  /** Bytes read. */
  @State(Scope.Thread)
  @AuxCounters
  public static class Traffic {

    /** Billions of bytes. */
    public double gigabytes;

    /** Creates a counter at zero. */
    public Traffic() {}
  }

  /** Size of the array: more than four times the last cache. */
  @Param("512")
  int megabytes;

  private Bandwidth bandwidth;

  /** Creates the benchmark. */
  public StreamCeiling() {}

  /** Fills the array. */
  @Setup
  public void fill() {
    bandwidth = new Bandwidth(megabytes);
  }

  /**
   * Sums the array.
   *
   * @param traffic counts bytes
   * @return the sum
   */
  @Benchmark
  public float read(Traffic traffic) {
    traffic.gigabytes += bandwidth.bytes() * 1e-9;
    return bandwidth.read();
  }
}
