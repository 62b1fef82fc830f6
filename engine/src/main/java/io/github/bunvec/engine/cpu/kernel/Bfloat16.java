package io.github.bunvec.engine.cpu.kernel;

/** bfloat16: the upper half of a float, eight bits of exponent and seven of fraction. */
public final class Bfloat16 {

  private Bfloat16() {}

  /**
   * Rounds to the nearest bfloat16, ties to even, as PyTorch does.
   *
   * @param value a float; NaN gives a quiet NaN
   * @return its 16 bits, in the lower half of the int
   */
  public static int fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return bits >>> 16 | 0x40;
    }
    // Adding just under half of the dropped part, or just half where the kept part is odd, carries
    // into the kept part exactly when rounding up is due; a carry into the exponent is right, too.
    return (bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16;
  }

  /**
   * Widens to float, exactly.
   *
   * @param bits 16 bits; the upper half of the int is ignored
   * @return the value
   */
  public static float toFloat(int bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
