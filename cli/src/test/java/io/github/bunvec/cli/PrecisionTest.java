package io.github.bunvec.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.bunvec.engine.Precision;
import io.github.bunvec.engine.Quantization;
import io.github.bunvec.engine.ValueRanges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That --precision writes what {@link Quantization} makes, in every format. */
class PrecisionTest {

  private static final List<String> TEXTS = List.of("猫が好きです。", "犬を飼っています。", "");

  @TempDir private Path folder;

  private static String[] embed(String... options) {
    String[] arguments = new String[1 + options.length + TEXTS.size()];
    arguments[0] = "embed";
    System.arraycopy(options, 0, arguments, 1, options.length);
    for (int i = 0; i < TEXTS.size(); i++) {
      arguments[1 + options.length + i] = TEXTS.get(i);
    }
    return arguments;
  }

  private static List<float[]> vectors() {
    return Run.of(embed("--format", "jsonl")).objects().stream()
        .map(PrecisionTest::values)
        .toList();
  }

  private static float[] values(JsonObject row) {
    JsonArray json = row.getAsJsonArray("embedding");
    float[] values = new float[json.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = json.get(i).getAsFloat();
    }
    return values;
  }

  private Path ranges(List<float[]> vectors, float spread) throws IOException {
    ValueRanges ranges = ValueRanges.of(vectors);
    byte[] header = NpyWriter.header(2, new VectorForm.Floats(ranges.dimension()));
    ByteBuffer file =
        ByteBuffer.allocate(header.length + 8 * ranges.dimension())
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(header);
    for (float value : ranges.least()) {
      file.putFloat(value - spread);
    }
    for (float value : ranges.greatest()) {
      file.putFloat(value + spread);
    }
    return Files.write(folder.resolve("ranges.npy"), file.array());
  }

  @ParameterizedTest
  @EnumSource(names = "FLOAT32", mode = EnumSource.Mode.EXCLUDE)
  void writesTheBytesInEveryFormat(Precision precision) throws IOException {
    List<float[]> vectors = vectors();
    Quantization quantization =
        precision.needsRanges()
            ? Quantization.scalar(precision, ValueRanges.of(vectors))
            : Quantization.bits(precision, vectors.getFirst().length);
    boolean signed = precision == Precision.INT8 || precision == Precision.BINARY;
    ByteBuffer expected = ByteBuffer.allocate(vectors.size() * quantization.bytes());
    vectors.forEach(vector -> expected.put(quantization.quantize(vector)));

    Path file = folder.resolve("vectors.npy");
    Run npy = Run.of(embed("--precision", precision.precisionName(), "--output", file.toString()));
    assertEquals(0, npy.exitCode(), npy.err());
    assertEquals(precision.needsRanges(), npy.err().contains("from 3 vectors only"), npy.err());
    byte[] bytes = Files.readAllBytes(file);
    String header = new String(bytes, 0, 128, StandardCharsets.ISO_8859_1);
    assertTrue(
        header.contains(
            "{'descr': '%s', 'fortran_order': False, 'shape': (3, %d), }"
                .formatted(signed ? "|i1" : "|u1", quantization.bytes())),
        header);
    assertArrayEquals(expected.array(), Arrays.copyOfRange(bytes, 128, bytes.length));

    Run jsonl = Run.of(embed("--precision", precision.precisionName(), "--format", "jsonl"));
    Run text = Run.of(embed("--precision", precision.precisionName()));
    for (int row = 0; row < vectors.size(); row++) {
      float[] numbers = values(jsonl.objects().get(row));
      String[] words = text.lines().get(row).split(" ", -1);
      for (int i = 0; i < quantization.bytes(); i++) {
        byte value = expected.get(row * quantization.bytes() + i);
        assertEquals(signed ? value : value & 0xFF, numbers[i]);
        assertEquals(signed ? value : value & 0xFF, Integer.parseInt(words[i]));
      }
    }
  }

  @Test
  void takesRangesFromAFile() throws IOException {
    List<float[]> vectors = vectors();
    Path file = ranges(vectors, 0.5f);
    Run wide =
        Run.of(embed("--precision", "uint8", "--ranges", file.toString(), "--format", "jsonl"));
    assertEquals(0, wide.exitCode(), wide.err());
    assertEquals("", wide.err());
    for (float value : values(wide.objects().getFirst())) {
      assertTrue(value > 60 && value < 200, "0.5 on either side leaves the ends out: " + value);
    }
  }

  @Test
  void refusesRangesThatDoNotFit() throws IOException {
    Path narrow = ranges(List.of(new float[] {1, 2}), 0);
    Run wrongWidth = Run.of(embed("--precision", "int8", "--ranges", narrow.toString()));
    assertEquals(3, wrongWidth.exitCode());
    assertTrue(wrongWidth.err().contains("has shape [2, 2], expected [2, 256]"), wrongWidth.err());
    Run notNeeded = Run.of(embed("--precision", "binary", "--ranges", narrow.toString()));
    assertEquals(2, notNeeded.exitCode());
    assertTrue(notNeeded.err().contains("--ranges is for"), notNeeded.err());
  }
}
