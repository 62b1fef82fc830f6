package io.github.bunvec.engine;

/**
 * Makes bytes of vectors, to search more of them in less memory: the rules of {@code
 * quantize_embeddings} of sentence-transformers 6.0, to the bit.
 *
 * <p>Up to 5.7 that library cut int8 towards zero instead of down, did not clip what lies outside
 * the ranges, and packed the bits of all vectors in one row; such bytes differ.
 *
 * <pre>
 *   step    = (greatest - least) / 255, or 1 where that is 0            (float arithmetic)
 *   uint8   = floor((x - least) / step), clipped to 0 .. 255
 *   int8    = uint8 - 128
 *   ubinary = bits x &gt; 0, first value in the highest bit, zeros after the last
 *   binary  = ubinary - 128
 * </pre>
 *
 * <p>Immutable and safe for concurrent use.
 */
public final class Quantization {

  private static final int STEPS = 255;
  private static final int SIGNED_OFFSET = 128;

  private final Precision precision;
  private final int dimension;
  private final float[] least; // [dimension]; empty for bits
  private final float[] step; // [dimension]; empty for bits

  private Quantization(Precision precision, int dimension, float[] least, float[] step) {
    this.precision = precision;
    this.dimension = dimension;
    this.least = least;
    this.step = step;
  }

  /**
   * Returns the quantization to 256 steps.
   *
   * @param precision INT8 or UINT8
   * @param ranges what the steps span
   * @return the quantization
   * @throws IllegalArgumentException for another precision
   */
  public static Quantization scalar(Precision precision, ValueRanges ranges) {
    if (!precision.needsRanges()) {
      throw new IllegalArgumentException(
          "precision is " + precision.precisionName() + ", expected int8 or uint8");
    }
    float[] step = new float[ranges.dimension()];
    for (int i = 0; i < step.length; i++) {
      float width = (ranges.greatest()[i] - ranges.least()[i]) / STEPS;
      step[i] = width == 0 ? 1 : width;
    }
    return new Quantization(precision, step.length, ranges.least().clone(), step);
  }

  /**
   * Returns the quantization to one bit.
   *
   * @param precision BINARY or UBINARY
   * @param dimension the length of the vectors
   * @return the quantization
   * @throws IllegalArgumentException for another precision
   */
  public static Quantization bits(Precision precision, int dimension) {
    if (precision != Precision.BINARY && precision != Precision.UBINARY) {
      throw new IllegalArgumentException(
          "precision is " + precision.precisionName() + ", expected binary or ubinary");
    }
    return new Quantization(precision, dimension, new float[0], new float[0]);
  }

  /**
   * Returns what the bytes are.
   *
   * @return any but FLOAT32
   */
  public Precision precision() {
    return precision;
  }

  /**
   * Returns how many bytes a vector becomes.
   *
   * @return the dimension, or its eighth, rounded up
   */
  public int bytes() {
    return precision.needsRanges() ? dimension : Math.ceilDiv(dimension, Byte.SIZE);
  }

  /**
   * Quantizes one vector.
   *
   * @param vector [dimension]; finite
   * @return [bytes]; those of UINT8 and UBINARY are to be read unsigned
   * @throws IllegalArgumentException if the length is another
   */
  public byte[] quantize(float[] vector) {
    requireLength(vector, dimension);
    byte[] result = new byte[bytes()];
    boolean signed = precision == Precision.INT8 || precision == Precision.BINARY;
    for (int i = 0; i < result.length; i++) {
      int value = precision.needsRanges() ? steps(vector[i], i) : eightBits(vector, i);
      result[i] = (byte) (signed ? value - SIGNED_OFFSET : value);
    }
    return result;
  }

  private int steps(float x, int i) {
    double steps = Math.floor((x - least[i]) / step[i]);
    return (int) Math.clamp(steps, 0, STEPS);
  }

  private static int eightBits(float[] vector, int index) {
    int bits = 0;
    for (int j = 0; j < Byte.SIZE; j++) {
      int i = index * Byte.SIZE + j;
      bits = bits << 1 | (i < vector.length && vector[i] > 0 ? 1 : 0);
    }
    return bits;
  }

  static void requireLength(float[] vector, int expected) {
    if (vector.length != expected) {
      throw new IllegalArgumentException(
          "a vector of %d values, expected %d".formatted(vector.length, expected));
    }
  }
}
