package io.github.bunvec.bench.gpu;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.gpu.LinearCases.Layer;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.Product;
import java.util.List;

/** Measures the linear layers of a layer as the backend computes them. */
final class LinearRun {

  private static final int LAUNCHES = 32;

  private final Gpu gpu;
  private final GraphTimer timer;
  private final NvidiaDevice device;
  private final Sets sets;
  private final Settings settings;
  private final Ceilings ceilings;

  LinearRun(
      Gpu gpu,
      GraphTimer timer,
      NvidiaDevice device,
      Sets sets,
      Settings settings,
      Ceilings ceilings) {
    this.gpu = gpu;
    this.timer = timer;
    this.device = device;
    this.sets = sets;
    this.settings = settings;
    this.ceilings = ceilings;
  }

  /** Measures those of a model. */
  Table table(String model, ElementType type) {
    int m = settings.tokens();
    Table table =
        new Table(
            "Linear layers, %s, %s, %,d rows".formatted(model, type.suffix(), m),
            """
            Measured as the kernels are, bias included. "free" is cuBLASLt's first preference when \
            rows need not have the same bits in every batch: what it is faster by is the price of \
            that.""",
            "layer",
            "n x k",
            "time",
            "TFLOP/s",
            "share of the ceiling",
            "time over floor",
            "free",
            "price");
    double all = 0;
    double flops = 0;
    for (Layer layer : LinearCases.of(BertShape.named(model))) {
      settings.say("%s %s: %s".formatted(model, type.suffix(), layer.name()));
      KernelWork work = KernelWork.linear(type, m, layer.n(), layer.k());
      try (DeviceData data = new DeviceData(gpu)) {
        FreeProducts free = new FreeProducts(device, data);
        List<Product> products =
            LinearCases.products(data, type, layer, m, sets.count(Math.round(work.bytes())));
        KernelCase own = LinearCases.prepared(gpu, layer, products);
        double nanos = timer.nanos(own, LAUNCHES);
        add(table, layer, work, nanos, free(free, data, products));
        all += nanos;
        flops += work.flops();
      }
    }
    double rate = 1e9 * flops / all;
    table.add(
        Cell.of("all four"),
        Cell.none(),
        Cell.micros(all),
        Cell.teraflops(rate),
        Cell.percent(rate / ceilings.flops(type)),
        Cell.none(),
        Cell.none(),
        Cell.none());
    return table;
  }

  /** Returns the time of the library's first preference; NaN if it has none. */
  private double free(FreeProducts free, DeviceData data, List<Product> products) {
    long bytes = settings.tokens() * 1024L * Float.BYTES;
    long from = data.random(ElementType.F32, bytes / Float.BYTES);
    long to = data.random(ElementType.F32, bytes / Float.BYTES);
    Runnable before =
        () -> {
          for (int i = 0; i < 8; i++) {
            device.copy(to, from, bytes);
          }
        };
    int launches = products.size() * Math.ceilDiv(LAUNCHES, products.size());
    List<Double> nanos = free.nanos(products, false, 1, launches, settings.rounds(), before);
    return nanos.isEmpty() ? Double.NaN : nanos.getFirst();
  }

  private void add(Table table, Layer layer, KernelWork work, double nanos, double free) {
    double rate = 1e9 * work.flops() / nanos;
    boolean known = !Double.isNaN(free);
    table.add(
        Cell.of(layer.name()),
        Cell.of("%d x %d".formatted(layer.n(), layer.k())),
        Cell.micros(nanos),
        Cell.teraflops(rate),
        Cell.percent(rate / ceilings.flops(work.type())),
        Cell.times(nanos / work.floorNanos(ceilings)),
        known ? Cell.micros(free) : Cell.of("none"),
        known ? Cell.percent(nanos / free - 1) : Cell.none());
  }
}
