package io.github.bunvec.loader;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/**
 * A tensor in an open checkpoint: its description and a view of its bytes, nothing copied.
 *
 * <p>The view lives as long as the checkpoint; later access is an {@link IllegalStateException}.
 *
 * @param name name in the file
 * @param dtype element type
 * @param shape sizes, slowest dimension first; empty for a scalar
 * @param data read-only little-endian bytes, row-major, of any alignment
 * @param file the file as messages name it: relative to the model directory
 */
public record TensorView(String name, DType dtype, long[] shape, MemorySegment data, Path file) {

  /**
   * With a page that is read Linux maps those around it that are in memory, up to the 2 MB of a
   * large folio, so also some that were unloaded: without going back to them a quarter of a file
   * stayed mapped.
   */
  private static final long FAULT_AROUND = 2 << 20;

  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort BITS16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * Creates a view.
   *
   * @throws IllegalArgumentException if the bytes are not what shape and type need
   */
  public TensorView {
    shape = shape.clone();
    long bytes = dtype.byteSize();
    for (long size : shape) {
      bytes = Math.multiplyExact(bytes, size);
    }
    if (data.byteSize() != bytes) {
      throw new IllegalArgumentException(
          name + ": " + data.byteSize() + " bytes of data, " + bytes + " expected");
    }
  }

  /**
   * Returns the sizes, slowest dimension first.
   *
   * @return a copy
   */
  @Override
  public long[] shape() {
    return shape.clone();
  }

  /**
   * Returns the number of dimensions.
   *
   * @return 0 for a scalar
   */
  public int rank() {
    return shape.length;
  }

  /**
   * Returns the size of one dimension.
   *
   * @param i dimension, 0 the slowest
   * @return its size
   * @throws ArithmeticException if it does not fit an int
   */
  public int dim(int i) {
    return Math.toIntExact(shape[i]);
  }

  /**
   * Returns the number of elements.
   *
   * @return the product of the shape
   */
  public long elementCount() {
    return data.byteSize() / dtype.byteSize();
  }

  /**
   * Copies all elements as floats, row-major. F32, F16 and BF16 are exact; F64 is rounded.
   *
   * @param target where to
   * @param targetOffset index of the first element in {@code target}
   * @throws CheckpointException if the element type is not a floating-point type
   * @throws IndexOutOfBoundsException if {@code target} is too short
   * @throws IllegalStateException if the checkpoint is closed
   */
  public void copyTo(float[] target, int targetOffset) {
    requireFloatingPoint();
    if (targetOffset < 0 || elementCount() > target.length - targetOffset) {
      throw new IndexOutOfBoundsException(
          describeWithName()
              + " needs "
              + elementCount()
              + " floats from index "
              + targetOffset
              + ", the array has "
              + target.length);
    }
    copyRange(0, (int) elementCount(), target, targetOffset);
  }

  /**
   * Copies consecutive elements as floats, as {@link #copyTo} converts them.
   *
   * @param from index of the first element, row-major
   * @param count how many
   * @param target where to
   * @param targetOffset index of the first of them in {@code target}
   * @throws CheckpointException if the element type is not a floating-point type
   * @throws IndexOutOfBoundsException if the tensor has no such elements or {@code target} is too
   *     short
   * @throws IllegalStateException if the checkpoint is closed
   */
  public void copyRange(long from, int count, float[] target, int targetOffset) {
    requireFloatingPoint();
    Objects.checkFromIndexSize(from, count, elementCount());
    Objects.checkFromIndexSize(targetOffset, count, target.length);
    int size = dtype.byteSize();
    if (dtype == DType.F32) {
      MemorySegment.copy(data, F32, from * size, target, targetOffset, count);
      return;
    }
    MemorySegment range = data.asSlice(from * size, (long) count * size);
    switch (dtype) {
      case F64 -> {
        for (int i = 0; i < count; i++) {
          target[targetOffset + i] = (float) range.get(F64, 8L * i);
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          target[targetOffset + i] = Float.float16ToFloat(range.get(BITS16, 2L * i));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          target[targetOffset + i] = Float.intBitsToFloat(range.get(BITS16, 2L * i) << 16);
        }
      }
    }
  }

  /**
   * Tells the system that elements, and what lies just before them, are not needed soon. The pages
   * of a mapped file count as memory of the process from when they are first read until it ends, or
   * until this; they are read again when they are asked for again.
   *
   * @param from index of the first element, row-major
   * @param count how many
   * @throws IndexOutOfBoundsException if the tensor has no such elements
   * @throws IllegalStateException if the checkpoint is closed
   */
  public void unload(long from, long count) {
    Objects.checkFromIndexSize(from, count, elementCount());
    if (data.isMapped() && count > 0) {
      long begin = Math.max(0, from * dtype.byteSize() - FAULT_AROUND);
      data.asSlice(begin, (from + count) * dtype.byteSize() - begin).unload();
    }
  }

  /**
   * Returns all elements as floats, row-major, as {@link #copyTo} converts them.
   *
   * @return a new array
   * @throws CheckpointException if the element type is not a floating-point type or there are more
   *     elements than an array holds
   * @throws IllegalStateException if the checkpoint is closed
   */
  public float[] toFloatArray() {
    requireFloatingPoint();
    if (elementCount() > Integer.MAX_VALUE - 8) {
      throw new CheckpointException(describeWithName() + " has too many elements for one array");
    }
    float[] floats = new float[(int) elementCount()];
    copyTo(floats, 0);
    return floats;
  }

  /**
   * Checks the shape.
   *
   * @param expected sizes, slowest dimension first
   * @return this
   * @throws CheckpointException if the shape is another one
   */
  public TensorView requireShape(long... expected) {
    if (!Arrays.equals(shape, expected)) {
      throw new CheckpointException(
          describeWithName() + ", expected shape " + Arrays.toString(expected));
    }
    return this;
  }

  /**
   * Returns type and shape.
   *
   * @return for instance {@code F32 [32768, 768]}
   */
  public String describe() {
    return dtype + " " + Arrays.toString(shape);
  }

  /** Returns file, name, type and shape: the start of every message about this tensor. */
  String describeWithName() {
    return file.toString().replace('\\', '/')
        + ": tensor "
        + Quoted.name(name)
        + " is "
        + describe();
  }

  private void requireFloatingPoint() {
    if (!dtype.isFloatingPoint()) {
      throw new CheckpointException(describeWithName() + ", expected F64, F32, F16 or BF16");
    }
  }

  @Override
  public String toString() {
    return name + " " + describe();
  }
}
