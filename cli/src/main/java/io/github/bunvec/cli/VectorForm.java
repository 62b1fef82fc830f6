package io.github.bunvec.cli;

import io.github.bunvec.engine.Precision;
import io.github.bunvec.engine.Quantization;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How the values of a vector are written: as floats, or as the bytes of a quantization. */
interface VectorForm {

  /** NumPy's name of the type of an element. */
  String numpyType();

  /** Elements of a row. */
  int columns();

  /** Bytes of a row. */
  int bytes();

  void put(float[] vector, ByteBuffer rows);

  void add(JsonLine line, float[] vector);

  /** The values and nothing else, with spaces between them: what numpy.loadtxt reads. */
  String text(float[] vector);

  /** The values as they are. */
  record Floats(int columns) implements VectorForm {

    @Override
    public String numpyType() {
      return "<f4";
    }

    @Override
    public int bytes() {
      return Float.BYTES * columns;
    }

    @Override
    public void put(float[] vector, ByteBuffer rows) {
      for (float value : vector) {
        rows.putFloat(value);
      }
    }

    @Override
    public void add(JsonLine line, float[] vector) {
      line.add("embedding", vector);
    }

    @Override
    public String text(float[] vector) {
      StringBuilder values = new StringBuilder();
      for (float value : vector) {
        values.append(values.isEmpty() ? "" : " ").append(value);
      }
      return values.toString();
    }
  }

  /** The bytes of a quantization, as the numbers that NumPy would show. */
  record Quantized(Quantization quantization) implements VectorForm {

    private boolean signed() {
      return quantization.precision() == Precision.INT8
          || quantization.precision() == Precision.BINARY;
    }

    @Override
    public String numpyType() {
      return signed() ? "|i1" : "|u1";
    }

    @Override
    public int columns() {
      return quantization.bytes();
    }

    @Override
    public int bytes() {
      return quantization.bytes();
    }

    @Override
    public void put(float[] vector, ByteBuffer rows) {
      rows.put(quantization.quantize(vector));
    }

    @Override
    public void add(JsonLine line, float[] vector) {
      line.add("embedding", numbers(vector));
    }

    @Override
    public String text(float[] vector) {
      return Arrays.stream(numbers(vector))
          .mapToObj(Integer::toString)
          .collect(Collectors.joining(" "));
    }

    private int[] numbers(float[] vector) {
      byte[] bytes = quantization.quantize(vector);
      int[] numbers = new int[bytes.length];
      Arrays.setAll(numbers, i -> signed() ? bytes[i] : Byte.toUnsignedInt(bytes[i]));
      return numbers;
    }
  }
}
