package io.github.bunvec.bench.gpu;

import io.github.bunvec.kernels.cuda.device.GpuStream;
import org.jspecify.annotations.Nullable;

/**
 * A kernel on data to measure it with.
 *
 * <p>It has several sets of data and works on one after the other, so that none is in a cache when
 * its turn comes.
 *
 * @param name for people
 * @param work what it must do on one set
 * @param sets how many sets there are
 * @param setBytes bytes of a set
 * @param launch runs it on a set
 * @param refresh gives a set that it changes its first values again; null if it changes none
 */
record KernelCase(
    String name,
    KernelWork work,
    int sets,
    long setBytes,
    Launch launch,
    @Nullable Launch refresh) {

  /** Queues work on one set. */
  interface Launch {

    /** Queues it. */
    void queue(GpuStream stream, int set);
  }

  /** Makes a case on memory of its own. */
  interface Maker {

    /** Allocates and fills. */
    KernelCase make(DeviceData data);
  }
}
