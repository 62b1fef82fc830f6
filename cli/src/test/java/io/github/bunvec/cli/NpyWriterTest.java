package io.github.bunvec.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import io.github.bunvec.engine.Embedding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against arrays that NumPy wrote (tools/golden/npy_golden.py). */
class NpyWriterTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"0,5", "3,4", "1234,1"})
  void equalsNumPyToTheByte(int rows, int columns) throws IOException {
    byte[] expected;
    try (InputStream in =
        NpyWriterTest.class.getResourceAsStream("numpy-%dx%d.npy".formatted(rows, columns))) {
      expected = in.readAllBytes();
    }
    Path file = folder.resolve("a.npy");
    write(ResultStream.file(file), rows, columns);
    assertArrayEquals(expected, Files.readAllBytes(file));
    ByteArrayOutputStream piped = new ByteArrayOutputStream();
    write(ResultStream.standardOutput(piped), rows, columns);
    assertArrayEquals(expected, piped.toByteArray());
  }

  @Test
  void isValidAfterEachFlush() throws IOException {
    Path file = folder.resolve("a.npy");
    try (NpyWriter writer = new NpyWriter(ResultStream.file(file), new VectorForm.Floats(2))) {
      for (int rows = 0; rows <= 3; rows++) {
        byte[] bytes = Files.readAllBytes(file);
        assertArrayEquals(
            NpyWriter.header(rows, new VectorForm.Floats(2)), Arrays.copyOf(bytes, 128));
        assertEquals(128 + rows * 2 * Float.BYTES, bytes.length);
        writer.write("", new Embedding(new float[] {1, 2}, 2, false));
        writer.flush();
      }
    }
  }

  @Test
  void commandWritesTheVectorsOfTheOtherFormats() throws IOException {
    Path file = folder.resolve("vectors.npy");
    Run npy = Run.of("embed", "--output", file.toString(), "犬が走る", "", "猫");
    assertEquals(0, npy.exitCode(), npy.err());
    assertEquals(0, npy.out().length);
    Run piped = Run.of("embed", "--format", "npy", "犬が走る", "", "猫");
    Run json = Run.of("embed", "--format", "jsonl", "犬が走る", "", "猫");
    byte[] bytes = Files.readAllBytes(file);
    assertArrayEquals(bytes, piped.out());
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(128);
    for (int i = 0; i < 3; i++) {
      JsonArray vector = json.objects().get(i).getAsJsonArray("embedding");
      for (int k = 0; k < vector.size(); k++) {
        assertEquals(vector.get(k).getAsFloat(), buffer.getFloat(), 0f);
      }
    }
    assertEquals(0, buffer.remaining());
  }

  @Test
  void keepsTheRowsBeforeAnError() throws IOException {
    Path file = folder.resolve("vectors.npy");
    byte[] input = {'a', '\n', 'b', '\n', (byte) 0xff, '\n'};
    Run run = Run.withInput(input, "embed", "--input", "-", "--output", file.toString());
    assertEquals(3, run.exitCode());
    byte[] bytes = Files.readAllBytes(file);
    assertArrayEquals(NpyWriter.header(2, new VectorForm.Floats(256)), Arrays.copyOf(bytes, 128));
    assertEquals(128 + 2 * 256 * Float.BYTES, bytes.length);
  }

  private static void write(ResultStream out, int rows, int columns) throws IOException {
    try (NpyWriter writer = new NpyWriter(out, new VectorForm.Floats(columns))) {
      for (int i = 0; i < rows; i++) {
        float[] vector = new float[columns];
        for (int k = 0; k < columns; k++) {
          vector[k] = (i * columns + k - 5) / 3f;
        }
        writer.write("", new Embedding(vector, 2, false));
      }
    }
  }
}
