package io.github.bunvec.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.bunvec.loader.Checkpoint;
import io.github.bunvec.loader.SafetensorsFile;
import io.github.bunvec.loader.TensorView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against sentence-transformers 6.0 (tools/golden/quantization_golden.py). */
class QuantizationTest {

  @TempDir private Path folder;

  private SafetensorsFile golden() throws IOException {
    Path file = folder.resolve("quantization.safetensors");
    try (InputStream in =
        QuantizationTest.class.getResourceAsStream("golden/" + file.getFileName())) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return SafetensorsFile.open(file);
  }

  private static List<float[]> rows(Checkpoint golden, String name) {
    TensorView tensor = golden.tensor(name);
    float[] values = tensor.toFloatArray();
    int width = tensor.dim(1);
    return IntStream.range(0, tensor.dim(0))
        .mapToObj(row -> Arrays.copyOfRange(values, row * width, (row + 1) * width))
        .toList();
  }

  private static Quantization quantization(Precision precision, ValueRanges ranges) {
    return precision.needsRanges()
        ? Quantization.scalar(precision, ranges)
        : Quantization.bits(precision, ranges.dimension());
  }

  @ParameterizedTest
  @EnumSource(names = "FLOAT32", mode = EnumSource.Mode.EXCLUDE)
  void equalsSentenceTransformers(Precision precision) throws IOException {
    try (SafetensorsFile golden = golden()) {
      for (String dimension : List.of("13", "8", "16")) {
        ValueRanges ranges = ValueRanges.of(rows(golden, dimension + ".sample"));
        List<float[]> expectedRanges = rows(golden, dimension + ".ranges");
        assertArrayEquals(expectedRanges.get(0), ranges.least(), Float.MIN_VALUE);
        assertArrayEquals(expectedRanges.get(1), ranges.greatest(), Float.MIN_VALUE);
        Quantization quantization = quantization(precision, ranges);
        for (String vectors : List.of("sample", "beyond")) {
          String name = dimension + "." + vectors;
          check(
              rows(golden, name + "." + precision.precisionName()),
              rows(golden, name),
              quantization);
        }
      }
    }
  }

  private static void check(
      List<float[]> expected, List<float[]> vectors, Quantization quantization) {
    boolean signed =
        quantization.precision() == Precision.INT8 || quantization.precision() == Precision.BINARY;
    for (int row = 0; row < vectors.size(); row++) {
      byte[] bytes = quantization.quantize(vectors.get(row));
      assertEquals(quantization.bytes(), bytes.length);
      float[] values = new float[bytes.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = signed ? bytes[i] : bytes[i] & 0xFF;
      }
      assertArrayEquals(expected.get(row), values, "row " + row);
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    ValueRanges ranges = ValueRanges.of(List.of(new float[] {1, 2}, new float[] {3, 1}));
    assertThrows(
        IllegalArgumentException.class, () -> Quantization.scalar(Precision.BINARY, ranges));
    assertThrows(IllegalArgumentException.class, () -> Quantization.bits(Precision.INT8, 2));
    Quantization quantization = Quantization.scalar(Precision.INT8, ranges);
    assertThrows(
        IllegalArgumentException.class, () -> quantization.quantize(new float[] {1, 2, 3}));
    assertThrows(IllegalArgumentException.class, () -> ValueRanges.of(List.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> ValueRanges.of(List.of(new float[] {1}, new float[] {1, 2})));
    assertThrows(
        IllegalArgumentException.class,
        () -> ValueRanges.of(List.of(new float[] {1}, new float[] {Float.NaN})));
    assertThrows(
        IllegalArgumentException.class, () -> new ValueRanges(new float[] {2}, new float[] {1}));
  }
}
