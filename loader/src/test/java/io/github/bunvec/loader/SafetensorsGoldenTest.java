package io.github.bunvec.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of Python's safetensors read as NumPy reads them (tools/golden/safetensors_golden.py). */
class SafetensorsGoldenTest {

  private static final Map<String, DType> TYPES =
      Map.of(
          "float64", DType.F64,
          "float32", DType.F32,
          "float16", DType.F16,
          "bfloat16", DType.BF16,
          "int64", DType.I64,
          "int32", DType.I32,
          "int16", DType.I16,
          "int8", DType.I8,
          "uint8", DType.U8,
          "bool", DType.BOOL);

  @TempDir private Path folder;
  private JsonObject expected = new JsonObject();

  @BeforeEach
  void readExpected() throws IOException {
    byte[] json = Files.readAllBytes(resource("all_types_golden.json"));
    expected = JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject();
  }

  private Path resource(String name) throws IOException {
    Path copy = folder.resolve(name);
    try (var in = SafetensorsGoldenTest.class.getResourceAsStream(name)) {
      Files.write(copy, in.readAllBytes());
    }
    return copy;
  }

  @Test
  void everyTypeShapeAndByteIsThere() throws IOException {
    try (var file = SafetensorsFile.open(resource("all_types.safetensors"))) {
      assertEquals(expected.keySet(), file.names());
      for (String name : file.names()) {
        TensorView tensor = file.tensor(name);
        JsonObject row = expected.getAsJsonObject(name);
        assertEquals(TYPES.get(row.get("dtype").getAsString()), tensor.dtype(), name);
        assertArrayEquals(longs(row.get("shape")), tensor.shape(), name);
        byte[] bytes = tensor.data().toArray(ValueLayout.JAVA_BYTE);
        assertEquals(row.get("hex").getAsString(), HexFormat.of().formatHex(bytes), name);
      }
      assertTrue(TYPES.values().containsAll(java.util.List.of(DType.values())));
    }
  }

  @Test
  void floatsAreThoseOfNumPy() throws IOException {
    int compared = 0;
    try (var file = SafetensorsFile.open(resource("all_types.safetensors"))) {
      for (String name : file.names()) {
        TensorView tensor = file.tensor(name);
        if (!tensor.dtype().isFloatingPoint()) {
          assertThrows(CheckpointException.class, tensor::toFloatArray, name);
          continue;
        }
        long[] bits = longs(expected.getAsJsonObject(name).get("float_bits"));
        float[] floats = tensor.toFloatArray();
        assertEquals(bits.length, floats.length, name);
        for (int i = 0; i < bits.length; i++) {
          float wanted = Float.intBitsToFloat((int) bits[i]);
          // A NaN stays one; which of its bit patterns is the hardware's choice.
          if (!(Float.isNaN(wanted) && Float.isNaN(floats[i]))) {
            assertEquals((int) bits[i], Float.floatToRawIntBits(floats[i]), name + "[" + i + "]");
          }
          compared++;
        }
      }
    }
    assertTrue(compared > 300, compared + " values compared");
  }

  @Test
  void fileWithoutTensorsIsValid() throws IOException {
    try (var file = SafetensorsFile.open(resource("no_tensors.safetensors"))) {
      assertTrue(file.names().isEmpty());
    }
  }

  private static long[] longs(JsonElement list) {
    return list.getAsJsonArray().asList().stream().mapToLong(JsonElement::getAsLong).toArray();
  }
}
