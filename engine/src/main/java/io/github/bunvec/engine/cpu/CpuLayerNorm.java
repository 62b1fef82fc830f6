package io.github.bunvec.engine.cpu;

import io.github.bunvec.engine.cpu.kernel.VectorWidth;
import io.github.bunvec.engine.spi.LayerNorm;
import io.github.bunvec.loader.TensorView;

/**
 * A layer normalisation.
 *
 * @param weight [features rounded up to 16], zeros behind
 * @param bias [features rounded up to 16], zeros behind
 */
record CpuLayerNorm(CpuBackend owner, int features, float[] weight, float[] bias, float eps)
    implements CpuHandle, LayerNorm {

  static CpuLayerNorm of(CpuBackend owner, TensorView weight, TensorView bias, double eps) {
    int features = weight.dim(0);
    return new CpuLayerNorm(
        owner, features, padded(weight, features), padded(bias, features), (float) eps);
  }

  private static float[] padded(TensorView values, int features) {
    float[] padded = new float[VectorWidth.roundUp(features)];
    values.copyTo(padded, 0);
    return padded;
  }
}
