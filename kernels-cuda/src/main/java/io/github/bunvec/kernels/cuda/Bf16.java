package io.github.bunvec.kernels.cuda;

/** bfloat16, the upper half of a float. */
final class Bf16 {

  private Bf16() {}

  /** Rounds to nearest, ties to even; a NaN stays one. */
  static short of(float x) {
    int bits = Float.floatToRawIntBits(x);
    if (Float.isNaN(x)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
