package io.github.bunvec.kernels.cuda.device;

/** What a matrix on the device holds. */
public enum ElementType {
  /** FP32. */
  F32(4),

  /** Bits of a bfloat16: the upper half of a float's. */
  BF16(2);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * Returns the size of an element.
   *
   * @return bytes
   */
  public int bytes() {
    return bytes;
  }

  /**
   * Returns the ending of the kernels for it.
   *
   * @return {@code f32} or {@code bf16}
   */
  public String suffix() {
    return this == F32 ? "f32" : "bf16";
  }
}
