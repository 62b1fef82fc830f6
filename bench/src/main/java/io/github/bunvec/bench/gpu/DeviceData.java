package io.github.bunvec.bench.gpu;

import io.github.bunvec.bench.RandomValues;
import io.github.bunvec.engine.cpu.kernel.Bfloat16;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Gpu;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Memory of a device with values in it; never zeros, on which GPUs draw less power. */
final class DeviceData implements AutoCloseable {

  /** Different values; they come again and again. A prime, so that rows differ. */
  private static final int VALUES = 1_048_573;

  private static final MemorySegment F32 =
      MemorySegment.ofArray(RandomValues.of("device data", VALUES, 1));
  private static final MemorySegment BF16 = rounded(F32);

  private final Gpu gpu;
  private final List<Long> allocated = new ArrayList<>();

  private static MemorySegment rounded(MemorySegment values) {
    short[] narrow = new short[VALUES];
    for (int i = 0; i < VALUES; i++) {
      float value = values.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      narrow[i] = (short) Bfloat16.fromFloat(value);
    }
    return MemorySegment.ofArray(narrow);
  }

  /** Allocates nothing yet. */
  DeviceData(Gpu gpu) {
    this.gpu = gpu;
  }

  /** Returns memory that holds random values of mean 0 and standard deviation 1. */
  long random(ElementType type, long values) {
    long bytes = values * type.bytes();
    long address = room(bytes);
    MemorySegment block = type == ElementType.F32 ? F32 : BF16;
    for (long at = 0; at < bytes; at += block.byteSize()) {
      gpu.copyIn(address + at, block.asSlice(0, Math.min(block.byteSize(), bytes - at)));
    }
    return address;
  }

  /** Returns memory that holds integers. */
  long ints(int... values) {
    long address = room((long) values.length * Integer.BYTES);
    gpu.copyIn(address, MemorySegment.ofArray(values));
    return address;
  }

  private long room(long bytes) {
    long address = gpu.allocate(bytes);
    allocated.add(address);
    return address;
  }

  @Override
  public void close() {
    allocated.forEach(gpu::free);
    allocated.clear();
  }
}
