package io.github.bunvec.bench;

import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import io.github.bunvec.engine.spi.WeightType;
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
 * One micro-kernel over one panel that stays in L1 (k = 64) or L2 (k = 768).
 *
 * <p>Whether C2 keeps the accumulators in registers decides between all and 40 % of the ceiling and
 * may change with any JDK or edit: look here first when a GEMM gets slower.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class TileProbe {

  /** Rows: the tails' tiles (1, 2) and a multiple of every full tile. */
  @Param({"1", "2", "12"})
  int m;

  /** Depth. */
  @Param({"64", "768"})
  int k;

  /** How the panel is kept. */
  @Param WeightType type;

  /** Vector width; {@link Benchmarks} leaves out what the processor does not have. */
  @Param({"512", "256", "128"})
  int bits;

  private GemmKernel kernel;
  private float[] a;
  private float[] b;
  private int[] bf16;
  private float[] bias;
  private float[] c;

  /** Creates the benchmark. */
  public TileProbe() {}

  /** Fills the panel. */
  @Setup
  public void fill() {
    kernel = GemmKernel.ofBits(bits);
    int nr = kernel.columns();
    a = RandomValues.of("a", m * k, 1f);
    b = RandomValues.of("b", k * nr, 0.02f);
    bf16 = new int[k * nr / 2];
    for (int i = 0; i < bf16.length; i++) {
      bf16[i] =
          Float.floatToRawIntBits(b[i]) >>> 16
              | (Float.floatToRawIntBits(b[i + bf16.length]) & 0xFFFF0000);
    }
    bias = RandomValues.of("bias", nr, 0.1f);
    c = new float[m * nr];
  }

  /**
   * Runs the micro-kernel over the panel.
   *
   * @param work counts FLOPs
   * @return the output
   */
  @Benchmark
  public float[] panel(Work work) {
    int nr = kernel.columns();
    if (type == WeightType.BF16) {
      kernel.panelBf16(m, k, a, 0, k, bf16, 0, bias, 0, 0, c, 0, nr);
    } else {
      kernel.panel(m, k, a, 0, k, b, 0, bias, 0, 0, c, 0, nr);
    }
    work.add(2.0 * m * nr * k);
    return c;
  }
}
