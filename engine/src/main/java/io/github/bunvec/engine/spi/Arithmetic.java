package io.github.bunvec.engine.spi;

/**
 * What the matrix products of linear layers are computed in. Everything else stays FP32; but a GPU
 * that multiplies in BF16 also keeps the rows of tokens between operations in BF16.
 */
public enum Arithmetic {
  /** 32-bit floating point: products and sums. */
  FP32,
  /**
   * Inputs of products rounded to TF32, which is FP32 with 10 bits of mantissa, and summed in FP32,
   * by a GPU's matrix units; refused where there are none.
   */
  TF32,
  /**
   * Weights and inputs rounded to bfloat16, products summed in FP32, by instructions of the
   * processor or matrix units of the GPU for that; refused where there are none.
   */
  BF16,
  /**
   * BF16 where the backend has it and finds it faster, as a GPU always does; FP32 otherwise. Its
   * description says why.
   */
  AUTO
}
