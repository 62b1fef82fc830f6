package io.github.bunvec.kernels.cuda.launch;

import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuStream;

/** Launches add_layer_norm.cu. */
public final class AddLayerNorm {

  private AddLayerNorm() {}

  /**
   * {@code residual = LN(in + residual)}.
   *
   * @param gpu the device
   * @param stream where it is queued
   * @param in the rows
   * @param norm the normalisation
   * @param residual rows of the same kind and type
   */
  public static void launch(Gpu gpu, GpuStream stream, Matrix in, Norm norm, Matrix residual) {
    norm.requireWidth(in);
    norm.requireWidth(residual);
    Launches.requireSameRows(in, residual);
    stream.launch(
        gpu.kernel("add_layer_norm", "add_layer_norm_" + in.type().suffix()),
        Launches.rows(in.most()),
        in.address(),
        in.stride(),
        residual.address(),
        residual.stride(),
        in.width(),
        norm.gamma(),
        norm.beta(),
        norm.epsBits(),
        in.count());
  }

  /**
   * {@code x = LN(x)}.
   *
   * @param gpu the device
   * @param stream where it is queued
   * @param norm the normalisation
   * @param x the rows
   */
  public static void launch(Gpu gpu, GpuStream stream, Norm norm, Matrix x) {
    norm.requireWidth(x);
    stream.launch(
        gpu.kernel("add_layer_norm", "layer_norm_" + x.type().suffix()),
        Launches.rows(x.most()),
        x.address(),
        x.stride(),
        x.width(),
        norm.gamma(),
        norm.beta(),
        norm.epsBits(),
        x.count());
  }
}
