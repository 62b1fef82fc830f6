package io.github.bunvec.kernels.cuda.nvidia;

import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.GpuException;
import io.github.bunvec.kernels.cuda.nvidia.Driver.Device;
import io.github.bunvec.kernels.cuda.nvrtc.Architecture;
import io.github.bunvec.kernels.cuda.nvrtc.KernelCompiler;
import io.github.bunvec.kernels.cuda.nvrtc.NvrtcException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What this machine has for CUDA: GPUs, the libraries that drive them and a compiler for kernels.
 *
 * @param devices its GPUs, at least one
 * @param kernels compiles kernels for a kind of GPU
 */
public record CudaMachine(List<Device> devices, Function<Architecture, KernelCode> kernels) {

  /** The first with matrix units for BF16, which kernels are written for. */
  private static final int LEAST_MAJOR = 8;

  /**
   * Looks for all of it.
   *
   * @param environment the environment variables, see {@link KernelCompiler#find}
   * @return what there is
   * @throws GpuException if the driver, a library of CUDA or a usable GPU is missing
   * @throws NvrtcException if NVRTC is missing
   */
  public static CudaMachine find(Map<String, String> environment) {
    List<Device> devices = Driver.devices();
    if (devices.stream().noneMatch(CudaMachine::usable)) {
      throw new GpuException(
          "there is no GPU of compute capability %d.0 or later, found %s"
              .formatted(LEAST_MAJOR, list(devices)));
    }
    KernelCompiler compiler = KernelCompiler.find(environment);
    return new CudaMachine(devices, architecture -> new CompiledKernels(compiler, architecture));
  }

  private static boolean usable(Device device) {
    return device.architecture().major() >= LEAST_MAJOR;
  }

  private static String list(List<Device> devices) {
    return String.join(", ", devices.stream().map(d -> d + " of " + d.architecture()).toList());
  }

  /**
   * Opens GPUs.
   *
   * @param numbers which
   * @param tf32 whether products of F32 round their inputs to TF32
   * @return one per number
   * @throws IllegalArgumentException if a number is none of a usable GPU, or if they are not of one
   *     kind
   */
  public List<Gpu> open(List<Integer> numbers, boolean tf32) {
    List<Device> chosen = new ArrayList<>();
    for (int number : numbers) {
      Device device = number < devices.size() ? devices.get(number) : null;
      if (device == null || !usable(device)) {
        throw new IllegalArgumentException(
            "backend 'cuda:%d': there is no such GPU of compute capability %d.0 or later; there are: %s"
                .formatted(number, LEAST_MAJOR, list(devices)));
      }
      if (!chosen.isEmpty() && !chosen.getFirst().name().equals(device.name())) {
        throw new IllegalArgumentException(
            "%s and %s are of different kinds, on which a text's vector has different bits; name GPUs of one kind, and use a model for each kind"
                .formatted(chosen.getFirst(), device));
      }
      chosen.add(device);
    }
    KernelCode code = kernels.apply(chosen.getFirst().architecture());
    List<Gpu> gpus = new ArrayList<>();
    try {
      for (Device device : chosen) {
        gpus.add(new NvidiaGpu(device, code, tf32));
      }
    } catch (RuntimeException | Error e) {
      gpus.forEach(Gpu::close);
      throw e;
    }
    return gpus;
  }
}
