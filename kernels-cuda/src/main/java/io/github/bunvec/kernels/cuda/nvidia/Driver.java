package io.github.bunvec.kernels.cuda.nvidia;

import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_OUT_OF_MEMORY;
import static org.bytedeco.cuda.global.cudart.CUDA_SUCCESS;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;

import io.github.bunvec.kernels.cuda.device.GpuException;
import io.github.bunvec.kernels.cuda.nvrtc.Architecture;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;

/** The CUDA driver: whether it is there, which GPUs it has, and what its refusals mean. */
public final class Driver {

  /**
   * The least version, of the CUDA whose cuBLASLt and NVRTC are linked: their code runs with every
   * driver of the same major version.
   */
  private static final int LEAST_VERSION = 13_000;

  private static final int NAME_BYTES = 256;

  private Driver() {}

  /**
   * A GPU of this machine.
   *
   * @param number its number, counted as CUDA_VISIBLE_DEVICES has it
   * @param name for example {@code NVIDIA H200}
   * @param architecture its compute capability
   */
  public record Device(int number, String name, Architecture architecture) {

    @Override
    public String toString() {
      return name + " (cuda:" + number + ")";
    }
  }

  /** Loads the libraries, once: classes that fail to load tell why the first time only. */
  private static final class Libraries {

    /** Why they cannot be loaded; empty if they are. */
    static final String MISSING = load();

    private static String load() {
      try {
        cudart.cuInit(0);
        cublas.cublasLtGetVersion();
        return "";
      } catch (LinkageError e) {
        // JavaCPP tries several ways; what stands in the way of the first is the last cause.
        Throwable root = e;
        while (root.getCause() != null) {
          root = root.getCause();
        }
        return String.valueOf(root.getMessage());
      }
    }
  }

  /**
   * Loads the libraries, starts the driver and lists the GPUs.
   *
   * @return at least one
   * @throws GpuException if a library is missing, the driver is too old, or there is no GPU; it
   *     says what to do
   */
  public static List<Device> devices() {
    if (!Libraries.MISSING.isEmpty()) {
      throw new GpuException(
          "a library of CUDA cannot be loaded (%s); install the driver (libcuda) and the run-time libraries of CUDA 13 (libcudart, libcublas), and name their folder in LD_LIBRARY_PATH if the system does not find them"
              .formatted(Libraries.MISSING));
    }
    check(cudart.cuInit(0), "cuInit");
    int[] value = new int[1];
    check(cudart.cuDriverGetVersion(value), "cuDriverGetVersion");
    if (value[0] < LEAST_VERSION) {
      throw new GpuException(
          "the NVIDIA driver supports CUDA %s, bunvec needs %s or later; update the driver"
              .formatted(version(value[0]), version(LEAST_VERSION)));
    }
    check(cudart.cuDeviceGetCount(value), "cuDeviceGetCount");
    if (value[0] == 0) {
      throw new GpuException(
          "the NVIDIA driver sees no GPU; see nvidia-smi, and CUDA_VISIBLE_DEVICES if it is set");
    }
    int count = value[0];
    List<Device> devices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      devices.add(device(i));
    }
    return devices;
  }

  private static String version(int number) {
    return number / 1000 + "." + number % 1000 / 10;
  }

  private static Device device(int number) {
    int[] device = new int[1];
    check(cudart.cuDeviceGet(device, number), "cuDeviceGet");
    byte[] name = new byte[NAME_BYTES];
    check(cudart.cuDeviceGetName(name, NAME_BYTES, device[0]), "cuDeviceGetName");
    int length = 0;
    while (length < NAME_BYTES && name[length] != 0) {
      length++;
    }
    return new Device(
        number,
        new String(name, 0, length, StandardCharsets.UTF_8),
        new Architecture(
            attribute(device[0], CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
            attribute(device[0], CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)));
  }

  private static int attribute(int device, int attribute) {
    int[] value = new int[1];
    check(cudart.cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute");
    return value[0];
  }

  /** Throws if a call was refused. */
  static void check(int result, String call) {
    if (result != CUDA_SUCCESS) {
      throw new GpuException(call + " failed: " + describe(result));
    }
  }

  /** Throws if a call on a GPU was refused. */
  static void check(int result, String call, Device device) {
    if (result != CUDA_SUCCESS) {
      throw new GpuException(
          "%s failed on %s: %s; if it is told again, the process must be started anew"
              .formatted(call, device, describe(result)));
    }
  }

  /** Whether a call was refused for lack of memory. */
  static boolean outOfMemory(int result) {
    return result == CUDA_ERROR_OUT_OF_MEMORY;
  }

  private static String describe(int result) {
    BytePointer name = new BytePointer();
    BytePointer text = new BytePointer();
    if (cudart.cuGetErrorName(result, name) != CUDA_SUCCESS
        || cudart.cuGetErrorString(result, text) != CUDA_SUCCESS) {
      return "error " + result;
    }
    return "%s, %s".formatted(name.getString(), text.getString());
  }
}
