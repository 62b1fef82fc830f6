package io.github.bunvec.engine.spi;

/** What the matrix products of linear layers are computed in; everything else stays FP32. */
public enum Arithmetic {
  /** 32-bit floating point: products and sums. */
  FP32,
  /**
   * Weights and inputs rounded to bfloat16, products summed in FP32, by instructions of the
   * processor for that; refused where there are none.
   */
  BF16,
  /**
   * BF16 where the backend has it and finds it faster; FP32 otherwise. Its description says why.
   */
  AUTO
}
