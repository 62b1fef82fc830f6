package io.github.bunvec.bench;

import io.github.bunvec.engine.cpu.kernel.Gemm;
import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import io.github.bunvec.engine.cpu.kernel.PackedMatrix;
import io.github.bunvec.engine.cpu.kernel.VectorWidth;
import io.github.bunvec.engine.spi.Activation;
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

/**
 * The activations where they run, behind a linear layer, here with one input only.
 *
 * <p>What NONE takes is the layer itself: take its time per value from that of the others.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class ActivationBenchmark {

  private static final int ROWS = 32;
  private static final int COLUMNS = 3072;

  /** What follows the layer. */
  @Param Activation activation;

  private final GemmKernel kernel = GemmKernel.ofBits(VectorWidth.bits());
  private PackedMatrix weights;
  private float[] a;
  private float[] c;

  /** Creates the benchmark. */
  public ActivationBenchmark() {}

  /** Makes a layer whose outputs are spread from about -4 to 4. */
  @Setup
  public void pack() {
    List<float[]> w = List.of(RandomValues.of("w", COLUMNS, 1.5f));
    weights = PackedMatrix.fp32(kernel, 1, w, RandomValues.of("bias", COLUMNS, 0.1f));
    a = RandomValues.of("a", ROWS, 1f);
    c = new float[ROWS * COLUMNS];
  }

  /**
   * Runs layer and activation.
   *
   * @param elements counts values
   * @return the output
   */
  @Benchmark
  public float[] linearAndActivation(Elements elements) {
    Gemm.linear(kernel, weights, activation, 0, weights.panels(), ROWS, a, 0, 1, c, 0, COLUMNS);
    elements.add(ROWS * COLUMNS);
    return c;
  }
}
