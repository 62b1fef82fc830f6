package io.github.bunvec.loader;

import static io.github.bunvec.loader.SafetensorsBytes.entry;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {

  @TempDir private Path folder;

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("m.safetensors"), bytes);
  }

  private static byte[] lengthOnly(long length, int following) {
    return ByteBuffer.allocate(8 + following)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .array();
  }

  private void refused(String message, byte[] bytes) throws IOException {
    Path file = write(bytes);
    var e = assertThrows(CheckpointException.class, () -> SafetensorsFile.open(file));
    String found = String.valueOf(e.getMessage());
    assertTrue(found.startsWith("m.safetensors: ") && found.contains(message), found);
  }

  @Test
  void tooShort() throws IOException {
    refused("has 0 bytes", new byte[0]);
    refused("has 7 bytes", new byte[7]);
  }

  @Test
  void headerLongerThanTheFile() throws IOException {
    refused("header length is 10, the file has 9 bytes after it", lengthOnly(10, 9));
  }

  @Test
  void headerLongerThanTheCap() throws IOException {
    refused("header length is 100000001, expected at most 100000000", lengthOnly(100_000_001, 9));
    refused("header length is 18446744073709551615", lengthOnly(-1, 9));
  }

  @Test
  void headerStartsWithSomethingElse() throws IOException {
    refused("does not start with '{'", SafetensorsBytes.of(" {}", 0));
    refused("does not start with '{'", SafetensorsBytes.of("[]", 0));
    refused("does not start with '{'", SafetensorsBytes.of("\uFEFF{}", 0));
    refused("does not start with '{'", lengthOnly(0, 0));
    refused("does not start with '{'", lengthOnly(0, 8));
  }

  @Test
  void wrongHeaderIsRefusedAtOpening() throws IOException {
    refused("tensors end at byte 0", SafetensorsBytes.of("{}", 1));
  }

  @Test
  void missingFileAndDirectoryAreInputErrors() {
    Path missing = folder.resolve("none");
    var e = assertThrows(NoSuchFileException.class, () -> SafetensorsFile.open(missing));
    assertTrue(String.valueOf(e.getMessage()).endsWith("none: does not exist"));
    assertThrows(FileSystemException.class, () -> SafetensorsFile.open(folder));
  }

  @Test
  void dataStartsAtAnyAlignment() throws IOException {
    for (int padding = 0; padding < 8; padding++) {
      String header = "{" + entry("a", "F32", "[2]", 0, 8) + "}" + " ".repeat(padding);
      byte[] bytes = SafetensorsBytes.of(header, 8);
      ByteBuffer.wrap(bytes)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putFloat(bytes.length - 8, 1.5f)
          .putFloat(bytes.length - 4, -2f);
      try (var file = SafetensorsFile.open(write(bytes))) {
        assertArrayEquals(new float[] {1.5f, -2f}, file.tensor("a").toFloatArray());
      }
    }
  }

  @Test
  void missingTensorNamesSimilarOnes() throws IOException {
    String header =
        "{%s,%s,%s,%s}"
            .formatted(
                entry("encoder.layer.0.bias", "U8", "[1]", 0, 1),
                entry("encoder.layer.1.bias", "U8", "[1]", 1, 2),
                entry("x", "U8", "[1]", 2, 3),
                entry("pooler.bias", "U8", "[1]", 3, 4));
    try (var file = SafetensorsFile.open(write(SafetensorsBytes.of(header, 4)))) {
      assertTrue(file.contains("x"));
      assertFalse(file.contains("encoder.layer.2.bias"));
      var e = assertThrows(CheckpointException.class, () -> file.tensor("encoder.layer.2.bias"));
      assertEquals(
          "m.safetensors: has no tensor 'encoder.layer.2.bias'; similar: 'encoder.layer.0.bias',"
              + " 'encoder.layer.1.bias', 'pooler.bias'",
          e.getMessage());
    }
  }

  @Test
  void dataIsReadOnly() throws IOException {
    byte[] bytes = SafetensorsBytes.of("{" + entry("a", "U8", "[1]", 0, 1) + "}", 1);
    try (var file = SafetensorsFile.open(write(bytes))) {
      assertTrue(file.tensor("a").data().isReadOnly());
    }
  }

  @Test
  void useAfterCloseIsAnIllegalState() throws IOException {
    byte[] bytes = SafetensorsBytes.of("{" + entry("a", "F32", "[1]", 0, 4) + "}", 4);
    var file = SafetensorsFile.open(write(bytes));
    TensorView tensor = file.tensor("a");
    file.close();
    file.close();
    assertThrows(IllegalStateException.class, file::names);
    assertThrows(IllegalStateException.class, () -> file.contains("a"));
    assertThrows(IllegalStateException.class, () -> file.tensor("a"));
    assertThrows(IllegalStateException.class, tensor::toFloatArray);
    assertEquals("F32 [1]", tensor.describe());
  }

  /** The file is sparse: its 2 GiB and more take a few blocks. */
  @Test
  void filesOverTwoGibibytes() throws IOException {
    long big = (1L << 31) + 4321;
    byte[] header =
        "{%s,%s,%s}"
            .formatted(
                entry("big", "U8", "[" + big + "]", 0, big),
                entry("after", "F32", "[3]", big, big + 12),
                entry("wide", "F32", "[1,536870913]", big + 12, big + 12 + 4 * 536870913L))
            .getBytes(StandardCharsets.UTF_8);
    Path path = folder.resolve("big.safetensors");
    try (var out = new RandomAccessFile(path.toFile(), "rw")) {
      out.setLength(8 + header.length + big + 12 + 4 * 536870913L);
      out.write(SafetensorsBytes.of(header, new byte[0]));
      out.seek(8 + header.length + big - 1);
      out.write(77);
      var floats = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
      out.write(floats.putFloat(1.25f).putFloat(-3).putFloat(1e30f).array());
      out.seek(out.length() - 1);
      out.write(0x40);
    }
    try (var file = SafetensorsFile.open(path)) {
      TensorView bytes = file.tensor("big");
      assertEquals(big, bytes.elementCount());
      assertEquals(77, bytes.data().get(ValueLayout.JAVA_BYTE, big - 1));
      assertThrows(ArithmeticException.class, () -> bytes.dim(0));
      assertArrayEquals(new float[] {1.25f, -3f, 1e30f}, file.tensor("after").toFloatArray());
      TensorView wide = file.tensor("wide");
      assertEquals(2f, wide.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * (wide.dim(1) - 1)));
      assertThrows(IndexOutOfBoundsException.class, () -> wide.copyTo(new float[4], 0));
    }
  }
}
