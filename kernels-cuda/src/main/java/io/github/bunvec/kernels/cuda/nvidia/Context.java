package io.github.bunvec.kernels.cuda.nvidia;

import static org.bytedeco.cuda.global.cudart.CU_MEMHOSTALLOC_PORTABLE;

import io.github.bunvec.kernels.cuda.device.OutOfGpuMemoryException;
import io.github.bunvec.kernels.cuda.nvidia.Driver.Device;
import java.lang.foreign.MemorySegment;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * A GPU's primary context, which this process shares with whatever else it has that uses CUDA, and
 * memory in it. A thread has one context at a time, so that every call takes it first.
 */
final class Context implements AutoCloseable {

  private final Device device;
  private final int handle;
  private final CUctx_st context = new CUctx_st();

  Context(Device device) {
    this.device = device;
    int[] value = new int[1];
    check(cudart.cuDeviceGet(value, device.number()), "cuDeviceGet");
    handle = value[0];
    check(cudart.cuDevicePrimaryCtxRetain(context, handle), "cuDevicePrimaryCtxRetain");
  }

  Device device() {
    return device;
  }

  /** Makes it the calling thread's. */
  void use() {
    check(cudart.cuCtxSetCurrent(context), "cuCtxSetCurrent");
  }

  /** Throws if a call was refused. */
  void check(int result, String call) {
    Driver.check(result, call, device);
  }

  /** Returns memory as it is. */
  long allocate(long bytes) {
    use();
    long[] address = new long[1];
    int result = cudart.cuMemAlloc(address, bytes);
    if (Driver.outOfMemory(result)) {
      throw new OutOfGpuMemoryException(device.toString(), bytes, free());
    }
    check(result, "cuMemAlloc");
    return address[0];
  }

  private long free() {
    try (SizeTPointer free = new SizeTPointer(1);
        SizeTPointer all = new SizeTPointer(1)) {
      check(cudart.cuMemGetInfo(free, all), "cuMemGetInfo");
      return free.get();
    }
  }

  void free(long address) {
    if (address != 0) {
      use();
      check(cudart.cuMemFree(address), "cuMemFree");
    }
  }

  /** Returns page-locked memory. */
  @SuppressWarnings("restricted") // the length is what was asked for
  MemorySegment allocatePinned(long bytes) {
    use();
    Pointer memory = new Address(0);
    int result = cudart.cuMemHostAlloc(memory, bytes, CU_MEMHOSTALLOC_PORTABLE);
    if (Driver.outOfMemory(result)) {
      throw new OutOfMemoryError(
          "%,d bytes of page-locked memory cannot be had; see ulimit -l".formatted(bytes));
    }
    check(result, "cuMemHostAlloc");
    return MemorySegment.ofAddress(memory.address()).reinterpret(bytes);
  }

  void freePinned(MemorySegment memory) {
    use();
    check(cudart.cuMemFreeHost(Address.of(memory)), "cuMemFreeHost");
  }

  /** Gives it back; the calling thread has none afterwards, instead of one that is gone. */
  @Override
  public void close() {
    check(cudart.cuCtxSetCurrent(new CUctx_st()), "cuCtxSetCurrent");
    check(cudart.cuDevicePrimaryCtxRelease(handle), "cuDevicePrimaryCtxRelease");
  }
}
