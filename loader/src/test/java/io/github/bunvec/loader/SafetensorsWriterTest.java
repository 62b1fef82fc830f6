package io.github.bunvec.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is, to the byte, what Python's safetensors writes of torch's own rounding. */
class SafetensorsWriterTest {

  @TempDir private Path folder;

  private List<String> written() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  @Test
  void filesAreThoseOfPython() throws IOException {
    Path golden = CheckpointGoldenTest.golden();
    for (String name : List.of("tensors.safetensors", "tiny-bert/model.safetensors")) {
      Path copy = folder.resolve("copy");
      try (var file = SafetensorsFile.open(golden.resolve(name))) {
        var writer = new SafetensorsWriter();
        for (String tensor : file.names()) {
          writer.add(tensor, file.tensor(tensor), file.tensor(tensor).dtype());
        }
        writer.write(copy);
      }
      assertArrayEquals(Files.readAllBytes(golden.resolve(name)), Files.readAllBytes(copy), name);
      assertEquals(List.of("copy"), written());
      Files.delete(copy);
    }
  }

  @Test
  void roundingIsThatOfTorch() throws IOException {
    Path golden = CheckpointGoldenTest.golden().resolve("rounding.safetensors");
    Path copy = folder.resolve("copy");
    try (var file = SafetensorsFile.open(golden)) {
      TensorView floats = file.tensor("f32");
      assertTrue(floats.elementCount() > 1000, floats.toString());
      new SafetensorsWriter()
          .add("f32", floats, DType.F32)
          .add("bf16", floats, DType.BF16)
          .add("f16", floats, DType.F16)
          .write(copy);
    }
    assertArrayEquals(Files.readAllBytes(golden), Files.readAllBytes(copy));
  }

  @Test
  void notANumberStaysOne() {
    for (int bits : new int[] {0x7F800001, 0x7FFFFFFF, 0x7FC00000, 0xFF800001, 0xFFFFFFFF}) {
      short rounded = SafetensorsWriter.toBFloat16(Float.intBitsToFloat(bits));
      float back = Float.intBitsToFloat(rounded << 16);
      assertTrue(Float.isNaN(back), Integer.toHexString(bits));
      assertEquals(bits < 0, rounded < 0, Integer.toHexString(bits));
    }
  }

  @Test
  void nothingIsOverwrittenAndNothingHalfWritten() throws IOException {
    Path target = Files.writeString(folder.resolve("model.safetensors"), "old");
    var writer = new SafetensorsWriter();
    try (var file =
        SafetensorsFile.open(CheckpointGoldenTest.golden().resolve("rounding.safetensors"))) {
      writer.add("x", file.tensor("f32"), DType.F32);
      assertThrows(FileAlreadyExistsException.class, () -> writer.write(target));
    }
    assertEquals("old", Files.readString(target));
    Files.delete(target);
    assertThrows(IllegalStateException.class, () -> writer.write(target));
    assertEquals(List.of(), written());
  }

  @Test
  void wrongUseIsRefused() throws IOException {
    Path golden = CheckpointGoldenTest.golden();
    try (var file = SafetensorsFile.open(golden.resolve("tensors.safetensors"))) {
      TensorView integers = file.tensor("type.i64");
      var writer = new SafetensorsWriter().add("i", integers, DType.I64);
      assertThrows(IllegalArgumentException.class, () -> writer.add("i", integers, DType.I64));
      assertThrows(IllegalArgumentException.class, () -> writer.add("x", integers, DType.BF16));
      TensorView floats = file.tensor("type.f32");
      assertThrows(IllegalArgumentException.class, () -> writer.add("y", floats, DType.I32));
    }
  }
}
