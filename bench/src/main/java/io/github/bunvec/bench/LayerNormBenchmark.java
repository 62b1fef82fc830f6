package io.github.bunvec.bench;

import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import io.github.bunvec.engine.cpu.kernel.LayerNormKernel;
import io.github.bunvec.engine.cpu.kernel.VectorWidth;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Residual addition and layer normalisation of 32 rows, in place. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class LayerNormBenchmark {

  private static final int ROWS = 32;

  /** Width of a row, a multiple of 16. */
  @Param({"256", "768"})
  int features;

  private final GemmKernel kernel = GemmKernel.ofBits(VectorWidth.bits());
  private final float[] partial = new float[2 * VectorWidth.PARTIALS];
  private float[] x;
  private float[] y;
  private float[] weight;
  private float[] bias;

  /** Creates the benchmark. */
  public LayerNormBenchmark() {}

  /** Fills the rows. */
  @Setup
  public void fill() {
    x = RandomValues.of("x", ROWS * features, 1f);
    y = RandomValues.of("y", ROWS * features, 1f);
    weight = RandomValues.of("weight", features, 1f);
    bias = RandomValues.of("bias", features, 0.1f);
  }

  /**
   * Normalises all rows.
   *
   * @param elements counts values
   * @return the rows
   */
  @Benchmark
  public float[] addAndNormalize(Elements elements) {
    LayerNormKernel.addAndNormalize(
        kernel, ROWS, features, x, 0, features, y, 0, features, weight, bias, 1e-12f, partial);
    elements.add((long) ROWS * features);
    return y;
  }
}
