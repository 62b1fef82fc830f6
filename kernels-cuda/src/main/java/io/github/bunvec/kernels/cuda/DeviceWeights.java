package io.github.bunvec.kernels.cuda;

import io.github.bunvec.engine.cpu.kernel.Bfloat16;
import io.github.bunvec.engine.spi.WeightType;
import io.github.bunvec.kernels.cuda.device.ElementType;
import io.github.bunvec.kernels.cuda.device.Gpu;
import io.github.bunvec.kernels.cuda.device.OutOfGpuMemoryException;
import io.github.bunvec.kernels.cuda.device.Resources;
import io.github.bunvec.loader.TensorView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Brings weights to all GPUs of a backend, and keeps account of them. */
final class DeviceWeights implements AutoCloseable {

  /** Values that are brought at a time. */
  private static final int BLOCK = 1 << 20;

  private static final int BORDER = 8; // rows begin on 16 bytes of BF16

  private final List<Gpu> gpus;
  private final WeightType weightType;
  private final List<long[]> addresses = new ArrayList<>(); // guarded by this
  private long bytes; // of one GPU, guarded by this

  DeviceWeights(List<Gpu> gpus, WeightType weightType) {
    this.gpus = gpus;
    this.weightType = weightType;
  }

  /** How far rows of a table lie apart. */
  static int stride(int width) {
    return Math.ceilDiv(width, BORDER) * BORDER;
  }

  /**
   * Brings matrices one below the other, row by row.
   *
   * @param parts each [rows, width]
   * @param stride from row to row
   * @param type what they are kept as
   * @return the address on each GPU
   */
  long[] matrix(List<TensorView> parts, int width, int stride, ElementType type) {
    long rows = parts.stream().mapToLong(part -> part.dim(0)).sum();
    long[] to = allocate(rows * stride * type.bytes());
    long row = 0;
    for (TensorView part : parts) {
      int most = Math.max(1, BLOCK / stride);
      float[] block = new float[most * stride];
      float[] read = new float[most * width];
      for (int first = 0; first < part.dim(0); first += most) {
        int count = Math.min(most, part.dim(0) - first);
        part.copyRange((long) first * width, count * width, read, 0);
        for (int i = 0; i < count; i++) {
          System.arraycopy(read, i * width, block, i * stride, width);
        }
        write(to, row * stride * type.bytes(), block, count * stride, type, true);
        part.unload((long) first * width, (long) count * width);
        row += count;
      }
    }
    return to;
  }

  /** Brings values that stay as they are: a bias, gamma or beta. */
  long[] vector(float[] values, ElementType type) {
    long[] to = allocate((long) stride(values.length) * type.bytes());
    write(to, 0, values, values.length, type, false);
    return to;
  }

  private void write(
      long[] to, long offset, float[] values, int count, ElementType type, boolean weights) {
    MemorySegment bytes;
    if (type == ElementType.BF16) {
      short[] narrow = new short[count];
      for (int i = 0; i < count; i++) {
        narrow[i] = (short) Bfloat16.fromFloat(values[i]);
      }
      bytes = MemorySegment.ofArray(narrow);
    } else {
      if (weights && weightType == WeightType.BF16) {
        for (int i = 0; i < count; i++) {
          values[i] = Bfloat16.toFloat(Bfloat16.fromFloat(values[i]));
        }
      }
      bytes = MemorySegment.ofArray(values).asSlice(0, 4L * count);
    }
    for (int i = 0; i < to.length; i++) {
      gpus.get(i).copyIn(to[i] + offset, bytes);
    }
  }

  private long[] allocate(long size) {
    long[] allocated = new long[gpus.size()];
    synchronized (this) {
      addresses.add(allocated);
      bytes += size;
    }
    for (int i = 0; i < allocated.length; i++) {
      try {
        allocated[i] = gpus.get(i).allocate(size);
      } catch (OutOfGpuMemoryException e) {
        throw new OutOfMemoryException(
            "the model's weights do not fit: %s after %,d MB of them; close other models, or take BF16 arithmetic if it is not BF16 yet, which halves them"
                .formatted(e.getMessage(), (bytes() - size) >> 20),
            e);
      }
    }
    return allocated;
  }

  /** Returns what the weights take on one GPU. */
  synchronized long bytes() {
    return bytes;
  }

  @Override
  public synchronized void close() {
    try (Resources all = new Resources()) {
      for (long[] allocated : addresses) {
        for (int i = 0; i < allocated.length; i++) {
          Gpu gpu = gpus.get(i);
          long address = allocated[i];
          all.add(() -> gpu.free(address));
        }
      }
      addresses.clear();
    }
    bytes = 0;
  }
}
