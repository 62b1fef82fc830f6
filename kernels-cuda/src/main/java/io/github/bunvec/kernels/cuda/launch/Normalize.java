package io.github.bunvec.kernels.cuda.launch;

import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuStream;

/** Launches normalize.cu. */
public final class Normalize {

  private Normalize() {}

  /**
   * {@code x = x / max(|x|, 1e-12)}, in place.
   *
   * @param gpu the device
   * @param stream where it is queued
   * @param x the rows
   */
  public static void launch(Gpu gpu, GpuStream stream, Matrix x) {
    stream.launch(
        gpu.kernel("normalize", "normalize_" + x.type().suffix()),
        Launches.rows(x.most()),
        x.address(),
        x.stride(),
        x.width(),
        x.count());
  }
}
