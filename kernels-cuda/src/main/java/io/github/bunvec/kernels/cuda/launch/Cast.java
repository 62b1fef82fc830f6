package io.github.bunvec.kernels.cuda.launch;

import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuStream;

/** Launches cast.cu. */
public final class Cast {

  /** Columns of a block: eight a thread. */
  private static final int COLUMNS = 1024;

  private Cast() {}

  /**
   * {@code out = in} in another type.
   *
   * @param gpu the device
   * @param stream where it is queued
   * @param in the rows
   * @param out rows of the same kind and of the other type
   */
  public static void launch(Gpu gpu, GpuStream stream, Matrix in, Matrix out) {
    Launches.requireWidth("cast", out.width(), in.width());
    Launches.requireSameRows(in, out);
    stream.launch(
        gpu.kernel("cast", "cast_" + in.type().suffix() + "_" + out.type().suffix()),
        Launches.rows(in.most(), Math.ceilDiv(in.width(), COLUMNS)),
        in.address(),
        in.stride(),
        out.address(),
        out.stride(),
        in.width(),
        in.count());
  }
}
