package io.github.bunvec.kernels.cuda.launch;

import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuStream;

/** Launches accumulate.cu. */
public final class Accumulate {

  private Accumulate() {}

  /**
   * {@code out = factor in}, or {@code out = out + factor in}.
   *
   * @param gpu the device
   * @param stream where it is queued
   * @param in the rows
   * @param factor what they are multiplied by
   * @param first whether {@code out} holds nothing yet
   * @param out rows of the same kind and type
   */
  public static void launch(
      Gpu gpu, GpuStream stream, Matrix in, float factor, boolean first, Matrix out) {
    Launches.requireWidth("sum's", out.width(), in.width());
    Launches.requireSameRows(in, out);
    stream.launch(
        gpu.kernel("accumulate", "accumulate_" + in.type().suffix()),
        Launches.chunks(in),
        in.address(),
        in.stride(),
        Integer.toUnsignedLong(Float.floatToRawIntBits(factor)),
        first ? 1 : 0,
        out.address(),
        out.stride(),
        in.width(),
        in.count());
  }
}
