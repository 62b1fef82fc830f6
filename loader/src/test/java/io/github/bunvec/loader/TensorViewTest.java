package io.github.bunvec.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorViewTest {

  private static final Path FILE = Path.of("2_Dense", "model.safetensors");

  private static TensorView view(DType dtype, long[] shape, byte[] bytes) {
    return new TensorView("w", dtype, shape, MemorySegment.ofArray(bytes), FILE);
  }

  private static TensorView bits16(DType dtype, int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putShort((short) value);
    }
    return view(dtype, new long[] {values.length}, bytes.array());
  }

  @Test
  void describesItself() {
    TensorView view = view(DType.F32, new long[] {2, 3}, new byte[24]);
    assertEquals("F32 [2, 3]", view.describe());
    assertEquals(2, view.rank());
    assertEquals(3, view.dim(1));
    assertEquals(6, view.elementCount());
    TensorView scalar = view(DType.I64, new long[0], new byte[8]);
    assertEquals("I64 []", scalar.describe());
    assertEquals(1, scalar.elementCount());
  }

  @Test
  void shapeCannotBeChangedFromOutside() {
    long[] shape = {2, 3};
    TensorView view = view(DType.F32, shape, new byte[24]);
    shape[0] = 9;
    view.shape()[1] = 9;
    assertArrayEquals(new long[] {2, 3}, view.shape());
  }

  @Test
  void bytesMustFitTheShape() {
    assertThrows(
        IllegalArgumentException.class, () -> view(DType.F32, new long[] {2}, new byte[7]));
  }

  @Test
  void requireShapeNamesFileTensorFoundAndExpected() {
    TensorView view = view(DType.F32, new long[] {2, 3}, new byte[24]);
    assertSame(view, view.requireShape(2, 3));
    var e = assertThrows(CheckpointException.class, () -> view.requireShape(3, 2));
    assertEquals(
        "2_Dense/model.safetensors: tensor 'w' is F32 [2, 3], expected shape [3, 2]",
        e.getMessage());
    assertThrows(CheckpointException.class, () -> view.requireShape(6));
  }

  @Test
  void halfFormatsWidenExactly() {
    assertArrayEquals(
        new float[] {1f, -2f, 65504f, 0x1p-24f, -0f, Float.POSITIVE_INFINITY},
        bits16(DType.F16, 0x3C00, 0xC000, 0x7BFF, 1, 0x8000, 0x7C00).toFloatArray());
    assertArrayEquals(
        new float[] {1f, -2f, 0x1.fep127f, 0x1p-133f, Float.NEGATIVE_INFINITY},
        bits16(DType.BF16, 0x3F80, 0xC000, 0x7F7F, 1, 0xFF80).toFloatArray());
  }

  @Test
  void doublesAreRounded() {
    byte[] bytes =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putDouble(0.1)
            .putDouble(1e300)
            .array();
    assertArrayEquals(
        new float[] {0.1f, Float.POSITIVE_INFINITY},
        view(DType.F64, new long[] {2}, bytes).toFloatArray());
  }

  @Test
  void copiesToAnOffset() {
    float[] target = {9, 9, 9, 9};
    bits16(DType.BF16, 0x3F80, 0x4000).copyTo(target, 1);
    assertArrayEquals(new float[] {9, 1, 2, 9}, target);
  }

  @Test
  void copyChecksTheTarget() {
    TensorView view = bits16(DType.F16, 0, 0);
    assertThrows(IndexOutOfBoundsException.class, () -> view.copyTo(new float[2], 1));
    assertThrows(IndexOutOfBoundsException.class, () -> view.copyTo(new float[2], -1));
    assertThrows(IndexOutOfBoundsException.class, () -> view.copyTo(new float[2], 3));
  }

  @Test
  void integersAreNotFloats() {
    TensorView view = view(DType.I32, new long[] {1}, new byte[4]);
    var e = assertThrows(CheckpointException.class, view::toFloatArray);
    assertEquals(
        "2_Dense/model.safetensors: tensor 'w' is I32 [1], expected F64, F32, F16 or BF16",
        e.getMessage());
  }

  @Test
  void copiesRangesOfEveryType() {
    byte[] floats = new byte[40];
    ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN).putFloat(4, 1f).putFloat(8, -2f);
    byte[] doubles = new byte[40];
    ByteBuffer.wrap(doubles).order(ByteOrder.LITTLE_ENDIAN).putDouble(8, 1).putDouble(16, -2);
    for (TensorView view :
        List.of(
            view(DType.F32, new long[] {10}, floats),
            view(DType.F64, new long[] {5}, doubles),
            bits16(DType.F16, 0, 0x3C00, 0xC000, 0),
            bits16(DType.BF16, 0, 0x3F80, 0xC000, 0))) {
      float[] target = {9, 9, 9, 9};
      view.copyRange(1, 2, target, 1);
      assertArrayEquals(new float[] {9, 1, -2, 9}, target, view.describe());
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> view.copyRange(view.elementCount() - 1, 2, target, 0));
      assertThrows(IndexOutOfBoundsException.class, () -> view.copyRange(-1, 2, target, 0));
      assertThrows(IndexOutOfBoundsException.class, () -> view.copyRange(0, 2, target, 3));
    }
  }

  @Test
  void whatWasUnloadedIsReadAgain(@TempDir Path folder) throws IOException {
    byte[] bytes = new byte[1 << 16];
    new Random(1).nextBytes(bytes);
    Path file = Files.write(folder.resolve("bytes"), bytes);
    try (FileChannel channel = FileChannel.open(file);
        Arena arena = Arena.ofConfined()) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes.length, arena);
      TensorView inFile = new TensorView("w", DType.BF16, new long[] {1 << 15}, mapped, FILE);
      float[] expected = view(DType.BF16, new long[] {1 << 15}, bytes).toFloatArray();
      assertArrayEquals(expected, inFile.toFloatArray());
      inFile.unload(100, 20_000);
      inFile.unload(0, 0);
      assertArrayEquals(expected, inFile.toFloatArray());
      assertThrows(IndexOutOfBoundsException.class, () -> inFile.unload(1, 1 << 15));
    }
    // Nothing to give back.
    view(DType.F32, new long[] {1}, new byte[4]).unload(0, 1);
  }
}
