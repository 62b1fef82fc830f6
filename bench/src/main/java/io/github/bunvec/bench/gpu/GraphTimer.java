package io.github.bunvec.bench.gpu;

import io.github.bunvec.bench.peers.Statistics;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuStream;
import io.github.bunvec.kernels.cuda.launch.Accumulate;
import io.github.bunvec.kernels.cuda.launch.Matrix;

/**
 * Measures kernels by the device's own clock: as the backend runs them, recorded one behind the
 * other, so that the gap between two of them counts and launching each does not.
 */
final class GraphTimer implements AutoCloseable {

  private static final int COVER_WIDTH = 1024;

  private final GpuStream stream;
  private final Gpu gpu;
  private final int rounds;
  private final DeviceData data;
  private final Matrix from;
  private final Matrix to;

  /**
   * Makes a stream.
   *
   * @param gpu the device
   * @param rounds how often each is measured
   * @param cover bytes that are copied before each measurement: the device is at work until what is
   *     measured is queued, and has other data in its cache
   */
  GraphTimer(Gpu gpu, int rounds, long cover) {
    this.gpu = gpu;
    this.rounds = rounds;
    this.data = new DeviceData(gpu);
    this.stream = gpu.stream();
    int rows = Math.toIntExact(Math.max(1, cover / (COVER_WIDTH * Float.BYTES)));
    long count = data.ints(rows);
    this.from = cover(rows, count);
    this.to = cover(rows, count);
  }

  private Matrix cover(int rows, long count) {
    long address = data.random(ElementType.F32, (long) rows * COVER_WIDTH);
    return new Matrix(ElementType.F32, address, COVER_WIDTH, COVER_WIDTH, rows, count);
  }

  /**
   * Measures.
   *
   * @param kernel what
   * @param least how many launches are recorded at least; every set of data has as many
   * @return nanoseconds of a launch, the median of all rounds
   */
  double nanos(KernelCase kernel, int least) {
    int launches = kernel.sets() * Math.ceilDiv(least, kernel.sets());
    // Once as it is: while it is recorded nothing may be loaded.
    kernel.launch().queue(stream, 0);
    stream.await();
    try (GpuStream.Graph graph =
        stream.capture(
            () -> {
              for (int i = 0; i < launches; i++) {
                kernel.launch().queue(stream, i % kernel.sets());
              }
            })) {
      stream.launch(graph);
      stream.await();
      double[] nanos = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        prepare(kernel);
        stream.start();
        stream.launch(graph);
        nanos[round] = (double) stream.stop() / launches;
      }
      return Statistics.median(nanos);
    }
  }

  private void prepare(KernelCase kernel) {
    KernelCase.Launch refresh = kernel.refresh();
    for (int set = 0; refresh != null && set < kernel.sets(); set++) {
      refresh.queue(stream, set);
    }
    Accumulate.launch(gpu, stream, from, 1, true, to);
  }

  @Override
  public void close() {
    stream.close();
    data.close();
  }
}
