package io.github.bunvec.bench;

import io.github.bunvec.engine.cpu.kernel.Gemm;
import io.github.bunvec.engine.cpu.kernel.GemmKernel;
import io.github.bunvec.engine.cpu.kernel.PackedMatrix;
import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.engine.spi.WeightType;
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

/** The linear layers of BERT-base and bunvec-mini-ja on one thread: 2 m n k FLOPs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class GemmBenchmark {

  /** Rows: tokens. */
  @Param({"1", "8", "16", "32", "128", "512", "2048"})
  int m;

  /** Outputs x inputs of the layer. */
  @Param({"768x768", "2304x768", "3072x768", "768x3072", "1024x256"})
  String shape;

  /** How the weights are kept. */
  @Param WeightType type;

  /** Vector width; {@link Benchmarks} leaves out what the processor does not have. */
  @Param({"512", "256", "128"})
  int bits;

  private GemmKernel kernel;
  private PackedMatrix weights;
  private int columns;
  private float[] a;
  private float[] c;

  /** Creates the benchmark. */
  public GemmBenchmark() {}

  /** Packs the weights. */
  @Setup
  public void pack() {
    int n = Integer.parseInt(shape.substring(0, shape.indexOf('x')));
    int k = Integer.parseInt(shape.substring(shape.indexOf('x') + 1));
    kernel = GemmKernel.ofBits(bits);
    List<float[]> w = List.of(RandomValues.of("w", n * k, 0.02f));
    float[] bias = RandomValues.of("bias", n, 0.1f);
    weights =
        type == WeightType.BF16
            ? PackedMatrix.bf16(kernel, k, w, bias)
            : PackedMatrix.fp32(kernel, k, w, bias);
    columns = weights.panels() * kernel.columns();
    a = RandomValues.of("a", m * k, 1f);
    c = new float[m * columns];
  }

  /**
   * Runs the layer.
   *
   * @param work counts FLOPs
   * @param roof counts FLOPs and the weights' bytes
   * @return the output
   */
  @Benchmark
  public float[] linear(Work work, Roof roof) {
    int k = weights.inFeatures();
    int panels = weights.panels();
    Gemm.linear(kernel, weights, Activation.NONE, 0, panels, m, a, 0, k, c, 0, columns);
    double flops = 2.0 * m * weights.outFeatures() * k;
    work.add(flops);
    roof.add(flops, (double) weights.bytes());
    return c;
  }
}
