package io.github.bunvec.bench.gpu;

import io.github.bunvec.bench.peers.Statistics;
import io.github.bunvec.engine.spi.PackedBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * How long calls took, one after the other.
 *
 * @param device nanoseconds of the device for each, copies in and out included
 * @param wall nanoseconds of the caller for each
 */
record CallTimes(List<Double> device, List<Double> wall) {

  private static final int WARM_UP = 5;
  private static final int LEAST = 10;

  /** Runs a batch so often that whatever is compiled, chosen or recorded is so. */
  static void warmUp(MeasuredModel model, PackedBatch batch) {
    for (int i = 0; i < WARM_UP; i++) {
      model.run(batch);
    }
  }

  /**
   * Measures a batch that was warmed up.
   *
   * @param model of one stream, which nobody else uses
   * @param batch what it runs
   * @param seconds how long it does at least
   */
  static CallTimes of(MeasuredModel model, PackedBatch batch, double seconds) {
    CallTimes times = new CallTimes(new ArrayList<>(), new ArrayList<>());
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (times.wall.size() < LEAST || System.nanoTime() < end) {
      long device = model.deviceNanos();
      long start = System.nanoTime();
      model.run(batch);
      times.wall.add((double) (System.nanoTime() - start));
      times.device.add((double) (model.deviceNanos() - device));
    }
    return times;
  }

  double deviceNanos() {
    return median(device);
  }

  double wallNanos() {
    return median(wall);
  }

  static double median(List<Double> values) {
    return Statistics.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
