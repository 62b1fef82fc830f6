package io.github.bunvec.engine.spi;

/** How a backend keeps the weights of linear layers and the embedding tables. */
public enum WeightType {
  /** 32-bit floating point. */
  FP32,
  /** bfloat16 (the upper half of FP32), rounded to nearest even; arithmetic stays FP32. */
  BF16
}
