package io.github.bunvec.bench.gpu;

import io.github.bunvec.bench.gpu.LinearCases.Layer;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.OutOfGpuMemoryException;
import io.github.bunvec.kernels.cuda.device.Product;
import java.util.Collections;
import java.util.List;

/** Measures what the device does at most. */
final class CeilingRun {

  private static final long LARGEST_COPY = 1L << 30;
  private static final long SMALLEST_COPY = 1L << 26;

  private static final int CANDIDATES = 8;
  private static final int PRODUCTS = 4; // recorded one behind the other
  private static final int COPIES = 4;

  private final Gpu gpu;
  private final NvidiaDevice device;
  private final int rounds;
  private final int size;

  /**
   * Takes a device.
   *
   * @param gpu allocates
   * @param device copies and multiplies
   * @param rounds how often each is measured
   * @param size rows and columns of the matrices that are multiplied
   */
  CeilingRun(Gpu gpu, NvidiaDevice device, int rounds, int size) {
    this.gpu = gpu;
    this.device = device;
    this.rounds = rounds;
    this.size = size;
  }

  /** Measures all of them. */
  Ceilings measure() {
    long bytes = LARGEST_COPY;
    while (true) {
      try {
        return new Ceilings(
            bytes,
            bandwidth(bytes),
            flops(ElementType.BF16, false),
            flops(ElementType.F32, false),
            flops(ElementType.F32, true));
      } catch (OutOfGpuMemoryException e) {
        if (bytes == SMALLEST_COPY) {
          throw e;
        }
        bytes /= 2;
      }
    }
  }

  private double bandwidth(long bytes) {
    try (DeviceData data = new DeviceData(gpu)) {
      long from = data.random(ElementType.F32, bytes / Float.BYTES);
      long to = data.random(ElementType.F32, bytes / Float.BYTES);
      double nanos =
          device.medianNanos(
              rounds,
              () -> device.copy(to, from, bytes),
              () -> {
                for (int i = 0; i < COPIES; i++) {
                  device.copy(to, from, bytes);
                }
              });
      return 2e9 * bytes * COPIES / nanos;
    }
  }

  private double flops(ElementType type, boolean tf32) {
    try (DeviceData data = new DeviceData(gpu)) {
      FreeProducts products = new FreeProducts(device, data);
      List<Product> one =
          LinearCases.products(data, type, new Layer("ceiling", size, size), size, 1);
      // The first run warms up; after that a launch takes too little time to count.
      List<Double> nanos =
          products.nanos(one, tf32, CANDIDATES, PRODUCTS, Math.min(rounds, 5), () -> {});
      if (nanos.isEmpty()) {
        throw new IllegalStateException(
            "cuBLASLt has no algorithm for %s values, m=n=k=%d".formatted(type, size));
      }
      return 2e9 * size * (double) size * size / Collections.min(nanos);
    }
  }

  /** Returns them as a table. */
  static Table table(Ceilings ceilings, int size) {
    Table table =
        new Table(
            "Ceilings",
            """
            Measured in this run. The copy is one of the driver's on the device, its bytes read and \
            written; products are of random values, m=n=k=%d, the fastest of %d algorithms that \
            cuBLASLt advises. Shares and floors below are by these."""
                .formatted(size, CANDIDATES),
            "what",
            "reached",
            "unit");
    table.add(
        Cell.of("copy of %,d MB".formatted(ceilings.copied() >> 20)),
        Cell.gigabytes(ceilings.bandwidth()),
        Cell.of("GB/s"));
    table.add(Cell.of("BF16 product"), Cell.teraflops(ceilings.bf16()), Cell.of("TFLOP/s"));
    table.add(Cell.of("FP32 product"), Cell.teraflops(ceilings.fp32()), Cell.of("TFLOP/s"));
    table.add(Cell.of("TF32 product"), Cell.teraflops(ceilings.tf32()), Cell.of("TFLOP/s"));
    return table;
  }
}
