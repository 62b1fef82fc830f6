package io.github.bunvec.bench.gpu;

import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Product;
import io.github.bunvec.kernels.cuda.nvidia.Algorithm;
import io.github.bunvec.kernels.cuda.nvidia.CublasLt;
import java.util.ArrayList;
import java.util.List;

/**
 * Products as cuBLASLt computes them when nothing is asked of their bits: it may split the inputs
 * of an output, and choose differently for every number of rows.
 */
final class FreeProducts {

  private final NvidiaDevice device;
  private final long workspace;

  /**
   * Takes a device.
   *
   * @param device where
   * @param data allocates the workspace
   */
  FreeProducts(NvidiaDevice device, DeviceData data) {
    this.device = device;
    this.workspace = data.random(ElementType.F32, CublasLt.WORKSPACE / Float.BYTES);
  }

  /**
   * Measures the algorithms that the library would choose.
   *
   * @param sets a product for each set of data, alike but for their addresses
   * @param tf32 whether inputs of FP32 are rounded to TF32
   * @param candidates how many algorithms, the library's first preference first
   * @param launches how many are recorded
   * @param rounds how often each is measured
   * @param before see {@link NvidiaDevice#medianNanos}
   * @return nanoseconds of a product by each
   */
  List<Double> nanos(
      List<Product> sets, boolean tf32, int candidates, int launches, int rounds, Runnable before) {
    device.stream(); // makes its context the thread's
    try (CublasLt cublasLt = new CublasLt(tf32)) {
      List<Double> nanos = new ArrayList<>();
      for (Algorithm algorithm : cublasLt.heuristics(sets.getFirst(), candidates, true)) {
        double all =
            device.medianNanos(
                rounds,
                before,
                () -> {
                  for (int at = 0; at < launches; at++) {
                    Product product = sets.get(at % sets.size());
                    cublasLt.multiply(product, algorithm, workspace, device.stream());
                  }
                });
        nanos.add(all / launches);
      }
      return nanos;
    }
  }
}
