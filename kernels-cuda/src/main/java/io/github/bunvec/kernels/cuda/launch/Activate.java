package io.github.bunvec.kernels.cuda.launch;

import io.github.bunvec.engine.spi.Activation;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuStream;
import java.util.List;

/** Launches activation.cu. */
public final class Activate {

  /** In the order of activation.cu's, as a test says. */
  private static final List<Activation> NUMBERS = List.of(Activation.values());

  private Activate() {}

  /**
   * {@code x = activation(x + bias)}, in place.
   *
   * @param gpu the device
   * @param stream where it is queued
   * @param activation which one
   * @param bias address of [width] floats, a multiple of 16; 0 for none
   * @param x the rows
   */
  public static void launch(Gpu gpu, GpuStream stream, Activation activation, long bias, Matrix x) {
    stream.launch(
        gpu.kernel("activation", "activation_" + x.type().suffix()),
        Launches.chunks(x),
        x.address(),
        x.stride(),
        x.width(),
        bias,
        NUMBERS.indexOf(activation),
        x.count());
  }
}
