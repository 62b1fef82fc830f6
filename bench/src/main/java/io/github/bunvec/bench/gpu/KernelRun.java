package io.github.bunvec.bench.gpu;

import io.github.bunvec.bench.BertShape;
import io.github.bunvec.bench.gpu.KernelCase.Maker;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Gpu;

/** Measures every kernel of ours against what it must do at least. */
final class KernelRun {

  /** So many launches are recorded at least: launching the recording does not count then. */
  private static final int LAUNCHES = 64;

  private final Gpu gpu;
  private final GraphTimer timer;
  private final Sets sets;
  private final Settings settings;
  private final Ceilings ceilings;

  KernelRun(Gpu gpu, GraphTimer timer, Sets sets, Settings settings, Ceilings ceilings) {
    this.gpu = gpu;
    this.timer = timer;
    this.sets = sets;
    this.settings = settings;
    this.ceilings = ceilings;
  }

  /** Measures at a model's sizes. */
  Table table(String model, ElementType type) {
    Table table =
        new Table(
            "Kernels, %s, %s, %,d tokens in sequences of %d"
                .formatted(model, type.suffix(), settings.tokens(), settings.length()),
            """
            Median of %d recordings of at least %d launches; the gap between two launches counts. \
            Each launch has other data than the last, several times the second-level cache before \
            any comes again; where the data is small that takes launches too many, and "all data" \
            is less than the cache. The floor is the greater of the bytes over the copy's \
            bandwidth and the operations over the product's rate; operations are those of products \
            alone."""
                .formatted(settings.rounds(), LAUNCHES),
            "kernel",
            "time",
            "MB",
            "GFLOP",
            "floor",
            "bound by",
            "time over floor",
            "GB/s",
            "all data, MB");
    KernelCases cases =
        new KernelCases(
            gpu, BertShape.named(model), type, settings.tokens(), settings.length(), sets);
    for (Maker maker : cases.all()) {
      try (DeviceData data = new DeviceData(gpu)) {
        KernelCase kernel = maker.make(data);
        settings.say("%s %s: %s".formatted(model, type.suffix(), kernel.name()));
        add(table, kernel, timer.nanos(kernel, LAUNCHES));
      }
    }
    return table;
  }

  private void add(Table table, KernelCase kernel, double nanos) {
    KernelWork work = kernel.work();
    double floor = work.floorNanos(ceilings);
    table.add(
        Cell.of(kernel.name()),
        Cell.micros(nanos),
        Cell.megabytes(work.bytes()),
        work.flops() == 0 ? Cell.none() : Cell.gigabytes(work.flops()),
        Cell.micros(floor),
        Cell.of(work.boundByProducts(ceilings) ? "products" : "bytes"),
        Cell.times(nanos / floor),
        Cell.gigabytes(1e9 * work.bytes() / nanos),
        Cell.megabytes((double) kernel.setBytes() * kernel.sets()));
  }
}
