package io.github.bunvec.engine.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Attention's products with 256-bit vectors: the tiles of {@link Fp32Tiles256} for the scores, 4 x
 * 16 for the context.
 */
final class AttentionTiles256 implements AttentionTiles {

  static final AttentionTiles INSTANCE = new AttentionTiles256();

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;

  private static final int ROWS = 4;

  private final GemmKernel kernel = new GemmKernel256();
  private final float[] zeros = new float[16];

  @Override
  public int columns() {
    return 16;
  }

  @Override
  public void scores(
      int queries,
      int keys,
      int width,
      float[] k,
      int kOffset,
      int stride,
      float[] q,
      float[] scores) {
    kernel.panel(keys, width, k, kOffset, stride, q, 0, zeros, 0, 0, scores, 0, 16);
  }

  @Override
  public void context(
      int queries,
      int keys,
      float[] scores,
      float[] v,
      int vOffset,
      float[] inverse,
      float[] out,
      int outOffset,
      int outStride) {
    for (int i = 0; i < queries; i += ROWS) {
      int rows = Math.min(ROWS, queries - i);
      context4(
          rows, keys, scores, i, v, vOffset, inverse, out, outOffset + i * outStride, outStride);
    }
  }

  /** Up to 4 queries x 16 columns, 8 accumulators. Rows of S are read whole. */
  private static void context4(
      int rows,
      int keys,
      float[] scores,
      int from,
      float[] v,
      int vOffset,
      float[] inverse,
      float[] out,
      int outOffset,
      int outStride) {
    FloatVector c00 = FloatVector.zero(FLOATS);
    FloatVector c01 = FloatVector.zero(FLOATS);
    FloatVector c10 = FloatVector.zero(FLOATS);
    FloatVector c11 = FloatVector.zero(FLOATS);
    FloatVector c20 = FloatVector.zero(FLOATS);
    FloatVector c21 = FloatVector.zero(FLOATS);
    FloatVector c30 = FloatVector.zero(FLOATS);
    FloatVector c31 = FloatVector.zero(FLOATS);
    for (int p = 0; p < keys; p++) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, v, vOffset + p * 16);
      FloatVector w1 = FloatVector.fromArray(FLOATS, v, vOffset + p * 16 + 8);
      FloatVector x0 = FloatVector.broadcast(FLOATS, scores[from + p * 16]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, scores[from + p * 16 + 1]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, scores[from + p * 16 + 2]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, scores[from + p * 16 + 3]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
    }
    float s0 = inverse[from];
    c00.mul(s0).intoArray(out, outOffset);
    c01.mul(s0).intoArray(out, outOffset + 8);
    if (rows > 1) {
      float s1 = inverse[from + 1];
      int o1 = outOffset + outStride;
      c10.mul(s1).intoArray(out, o1);
      c11.mul(s1).intoArray(out, o1 + 8);
    }
    if (rows > 2) {
      float s2 = inverse[from + 2];
      int o2 = outOffset + 2 * outStride;
      c20.mul(s2).intoArray(out, o2);
      c21.mul(s2).intoArray(out, o2 + 8);
    }
    if (rows > 3) {
      float s3 = inverse[from + 3];
      int o3 = outOffset + 3 * outStride;
      c30.mul(s3).intoArray(out, o3);
      c31.mul(s3).intoArray(out, o3 + 8);
    }
  }
}
