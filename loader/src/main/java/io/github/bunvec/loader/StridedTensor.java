package io.github.bunvec.loader;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A checked tensor over a storage: all its elements lie inside, and they are not more than the
 * storage has.
 *
 * @param storage its key
 * @param offset first element in the storage
 * @param shape sizes, slowest dimension first
 * @param strides elements of the storage from one index to the next, by dimension
 */
record StridedTensor(String storage, DType dtype, long offset, long[] shape, long[] strides) {

  private static final ValueLayout.OfShort BITS16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt BITS32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong BITS64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * Checks a tensor.
   *
   * @param where file and tensor, the start of every message
   */
  static StridedTensor of(String where, PickleValue.Tensor tensor) {
    long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    long[] strides = tensor.strides().stream().mapToLong(Long::longValue).toArray();
    PickleValue.Storage storage = tensor.storage();
    String found =
        "%s: %s %s with strides %s from element %d of a storage of %d"
            .formatted(
                where,
                storage.dtype(),
                Arrays.toString(shape),
                Arrays.toString(strides),
                tensor.offset(),
                storage.count());
    if (tensor.offset() < 0
        || Arrays.stream(shape).anyMatch(n -> n < 0)
        || Arrays.stream(strides).anyMatch(n -> n < 0)) {
      throw new CheckpointException(found + ", expected no negative numbers");
    }
    var result = new StridedTensor(storage.key(), storage.dtype(), tensor.offset(), shape, strides);
    try {
      long bytes = storage.dtype().byteSize();
      for (long size : shape) {
        bytes = Math.multiplyExact(bytes, size);
      }
      long count = bytes / storage.dtype().byteSize();
      long end = tensor.offset();
      for (int i = 0; i < shape.length && count > 0; i++) {
        end = Math.addExact(end, Math.multiplyExact(shape[i] - 1, strides[i]));
      }
      if (count == 0 ? end > storage.count() : end >= storage.count()) {
        throw new CheckpointException(found + " reaches beyond it");
      }
      if (count > storage.count()) {
        // An expanded tensor of a few bytes may otherwise fill all memory.
        throw new CheckpointException(
            found + " repeats elements; save it in Python as tensor.clone()");
      }
    } catch (ArithmeticException e) {
      throw new CheckpointException(found + " reaches beyond it", e);
    }
    return result;
  }

  private long count() {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    return count;
  }

  long byteSize() {
    return count() * dtype.byteSize();
  }

  /** Returns whether the elements lie row by row without holes. */
  boolean isContiguous() {
    long expected = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      if (shape[i] != 1 && strides[i] != expected) {
        return byteSize() == 0;
      }
      expected *= shape[i];
    }
    return true;
  }

  /** Returns the bytes of a contiguous tensor. */
  MemorySegment slice(MemorySegment storageBytes) {
    return storageBytes.asSlice(offset * dtype.byteSize(), byteSize());
  }

  /** Copies the elements row by row. */
  void copyTo(MemorySegment target, MemorySegment storageBytes) {
    if (shape.length == 0) {
      target.copyFrom(slice(storageBytes));
      return;
    }
    int last = shape.length - 1;
    long[] index = new long[shape.length];
    long from = offset;
    long rows = shape[last] == 0 ? 0 : count() / shape[last];
    for (long row = 0; row < rows; row++) {
      copyRow(target, row * shape[last], storageBytes, from);
      // The next row: the odometer of the outer dimensions.
      for (int i = last - 1; i >= 0; i--) {
        from += strides[i];
        if (++index[i] < shape[i]) {
          break;
        }
        from -= strides[i] * shape[i];
        index[i] = 0;
      }
    }
  }

  private void copyRow(MemorySegment target, long to, MemorySegment source, long from) {
    long n = shape[shape.length - 1];
    long stride = strides[shape.length - 1];
    switch (dtype.byteSize()) {
      case 8 -> {
        for (long i = 0; i < n; i++) {
          target.set(BITS64, 8 * (to + i), source.get(BITS64, 8 * (from + i * stride)));
        }
      }
      case 4 -> {
        for (long i = 0; i < n; i++) {
          target.set(BITS32, 4 * (to + i), source.get(BITS32, 4 * (from + i * stride)));
        }
      }
      case 2 -> {
        for (long i = 0; i < n; i++) {
          target.set(BITS16, 2 * (to + i), source.get(BITS16, 2 * (from + i * stride)));
        }
      }
      default -> {
        for (long i = 0; i < n; i++) {
          byte value = source.get(ValueLayout.JAVA_BYTE, from + i * stride);
          target.set(ValueLayout.JAVA_BYTE, to + i, value);
        }
      }
    }
  }
}
