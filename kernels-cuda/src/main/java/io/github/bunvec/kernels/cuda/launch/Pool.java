package io.github.bunvec.kernels.cuda.launch;

import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuStream;
import io.github.bunvec.kernels.cuda.device.Grid;
import io.github.bunvec.loader.PoolingMode;
import java.util.List;

/** Launches pool.cu. */
public final class Pool {

  private static final int MODES_AT_MOST = 16;
  private static final int BITS_OF_MODE = 4;
  private static final int BLOCK = 256;

  /** In the order of pool.cu's, as a test says. */
  private static final List<PoolingMode> NUMBERS = List.of(PoolingMode.values());

  private Pool() {}

  /**
   * Makes one row per sequence, and normalises it where asked for.
   *
   * @param gpu the device
   * @param stream where it is queued
   * @param in a row per token
   * @param cuSeqlens address of [sequences + 1] ints
   * @param firstPooled address of [sequences] ints
   * @param modes at least one
   * @param normalize whether rows get the L2 norm 1
   * @param out a row per sequence, as wide as all modes; F32
   */
  public static void launch(
      Gpu gpu,
      GpuStream stream,
      Matrix in,
      long cuSeqlens,
      long firstPooled,
      List<PoolingMode> modes,
      boolean normalize,
      Matrix out) {
    if (modes.isEmpty() || modes.size() > MODES_AT_MOST) {
      throw new IllegalArgumentException(
          modes.size() + " pooling modes, expected 1 to " + MODES_AT_MOST);
    }
    Launches.requireWidth("pooled", out.width(), modes.size() * in.width());
    long packed = 0;
    for (int i = 0; i < modes.size(); i++) {
      packed |= (long) NUMBERS.indexOf(modes.get(i)) << (BITS_OF_MODE * i);
    }
    stream.launch(
        gpu.kernel("pool", "pool_" + in.type().suffix()),
        new Grid(out.most(), 1, BLOCK),
        in.address(),
        in.stride(),
        cuSeqlens,
        firstPooled,
        packed,
        modes.size(),
        in.width(),
        out.address(),
        out.stride(),
        normalize ? 1 : 0,
        out.count());
  }
}
