package io.github.bunvec.engine.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Attention's products with 512-bit vectors: tiles of 8 rows x 32 columns.
 *
 * <p>Short texts fill them better than 6 x 64, and 16 accumulators keep both FMA units busy. Rows
 * that are missing are computed all the same: a tile for each height would save little.
 */
final class AttentionTiles512 implements AttentionTiles {

  static final AttentionTiles INSTANCE = new AttentionTiles512();

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;

  private static final int ROWS = 8;

  @Override
  public int columns() {
    return 32;
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
    for (int j = 0; j < keys; j += ROWS) {
      int rows = Math.min(ROWS, keys - j);
      if (queries > 16) {
        scores32(rows, width, k, kOffset + j * stride, stride, q, scores, j * 32);
      } else {
        scores16(rows, width, k, kOffset + j * stride, stride, q, scores, j * 32);
      }
    }
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
      context8(
          rows, keys, scores, i, v, vOffset, inverse, out, outOffset + i * outStride, outStride);
    }
  }

  /** Up to 8 keys x 32 queries, 16 accumulators; keys that are missing repeat the last one. */
  private static void scores32(
      int rows, int width, float[] k, int k0, int stride, float[] q, float[] scores, int cOffset) {
    FloatVector c00 = FloatVector.zero(FLOATS);
    FloatVector c01 = FloatVector.zero(FLOATS);
    FloatVector c10 = FloatVector.zero(FLOATS);
    FloatVector c11 = FloatVector.zero(FLOATS);
    FloatVector c20 = FloatVector.zero(FLOATS);
    FloatVector c21 = FloatVector.zero(FLOATS);
    FloatVector c30 = FloatVector.zero(FLOATS);
    FloatVector c31 = FloatVector.zero(FLOATS);
    FloatVector c40 = FloatVector.zero(FLOATS);
    FloatVector c41 = FloatVector.zero(FLOATS);
    FloatVector c50 = FloatVector.zero(FLOATS);
    FloatVector c51 = FloatVector.zero(FLOATS);
    FloatVector c60 = FloatVector.zero(FLOATS);
    FloatVector c61 = FloatVector.zero(FLOATS);
    FloatVector c70 = FloatVector.zero(FLOATS);
    FloatVector c71 = FloatVector.zero(FLOATS);
    int k1 = k0 + Math.min(1, rows - 1) * stride;
    int k2 = k0 + Math.min(2, rows - 1) * stride;
    int k3 = k0 + Math.min(3, rows - 1) * stride;
    int k4 = k0 + Math.min(4, rows - 1) * stride;
    int k5 = k0 + Math.min(5, rows - 1) * stride;
    int k6 = k0 + Math.min(6, rows - 1) * stride;
    int k7 = k0 + Math.min(7, rows - 1) * stride;
    for (int p = 0; p < width; p++) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, q, p * 32);
      FloatVector w1 = FloatVector.fromArray(FLOATS, q, p * 32 + 16);
      FloatVector x0 = FloatVector.broadcast(FLOATS, k[k0 + p]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, k[k1 + p]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, k[k2 + p]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, k[k3 + p]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
      FloatVector x4 = FloatVector.broadcast(FLOATS, k[k4 + p]);
      c40 = x4.fma(w0, c40);
      c41 = x4.fma(w1, c41);
      FloatVector x5 = FloatVector.broadcast(FLOATS, k[k5 + p]);
      c50 = x5.fma(w0, c50);
      c51 = x5.fma(w1, c51);
      FloatVector x6 = FloatVector.broadcast(FLOATS, k[k6 + p]);
      c60 = x6.fma(w0, c60);
      c61 = x6.fma(w1, c61);
      FloatVector x7 = FloatVector.broadcast(FLOATS, k[k7 + p]);
      c70 = x7.fma(w0, c70);
      c71 = x7.fma(w1, c71);
    }
    c00.intoArray(scores, cOffset);
    c01.intoArray(scores, cOffset + 16);
    int o1 = cOffset + Math.min(1, rows - 1) * 32;
    c10.intoArray(scores, o1);
    c11.intoArray(scores, o1 + 16);
    int o2 = cOffset + Math.min(2, rows - 1) * 32;
    c20.intoArray(scores, o2);
    c21.intoArray(scores, o2 + 16);
    int o3 = cOffset + Math.min(3, rows - 1) * 32;
    c30.intoArray(scores, o3);
    c31.intoArray(scores, o3 + 16);
    int o4 = cOffset + Math.min(4, rows - 1) * 32;
    c40.intoArray(scores, o4);
    c41.intoArray(scores, o4 + 16);
    int o5 = cOffset + Math.min(5, rows - 1) * 32;
    c50.intoArray(scores, o5);
    c51.intoArray(scores, o5 + 16);
    int o6 = cOffset + Math.min(6, rows - 1) * 32;
    c60.intoArray(scores, o6);
    c61.intoArray(scores, o6 + 16);
    int o7 = cOffset + Math.min(7, rows - 1) * 32;
    c70.intoArray(scores, o7);
    c71.intoArray(scores, o7 + 16);
  }

  /**
   * Up to 8 keys x 16 queries, 8 accumulators; keys that are missing repeat the last one.
   *
   * <p>Two steps at once: for so many rows C2 is one register short, and the address it moves to a
   * vector register and back at each turn would take longer than one step.
   */
  private static void scores16(
      int rows, int width, float[] k, int k0, int stride, float[] q, float[] scores, int cOffset) {
    FloatVector c0 = FloatVector.zero(FLOATS);
    FloatVector c1 = FloatVector.zero(FLOATS);
    FloatVector c2 = FloatVector.zero(FLOATS);
    FloatVector c3 = FloatVector.zero(FLOATS);
    FloatVector c4 = FloatVector.zero(FLOATS);
    FloatVector c5 = FloatVector.zero(FLOATS);
    FloatVector c6 = FloatVector.zero(FLOATS);
    FloatVector c7 = FloatVector.zero(FLOATS);
    int k1 = k0 + Math.min(1, rows - 1) * stride;
    int k2 = k0 + Math.min(2, rows - 1) * stride;
    int k3 = k0 + Math.min(3, rows - 1) * stride;
    int k4 = k0 + Math.min(4, rows - 1) * stride;
    int k5 = k0 + Math.min(5, rows - 1) * stride;
    int k6 = k0 + Math.min(6, rows - 1) * stride;
    int k7 = k0 + Math.min(7, rows - 1) * stride;
    int p = 0;
    for (; p < width - 1; p += 2) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, q, p * 32);
      c0 = w0.fma(FloatVector.broadcast(FLOATS, k[k0 + p]), c0);
      c1 = w0.fma(FloatVector.broadcast(FLOATS, k[k1 + p]), c1);
      c2 = w0.fma(FloatVector.broadcast(FLOATS, k[k2 + p]), c2);
      c3 = w0.fma(FloatVector.broadcast(FLOATS, k[k3 + p]), c3);
      c4 = w0.fma(FloatVector.broadcast(FLOATS, k[k4 + p]), c4);
      c5 = w0.fma(FloatVector.broadcast(FLOATS, k[k5 + p]), c5);
      c6 = w0.fma(FloatVector.broadcast(FLOATS, k[k6 + p]), c6);
      c7 = w0.fma(FloatVector.broadcast(FLOATS, k[k7 + p]), c7);
      FloatVector w1 = FloatVector.fromArray(FLOATS, q, p * 32 + 32);
      c0 = w1.fma(FloatVector.broadcast(FLOATS, k[k0 + p + 1]), c0);
      c1 = w1.fma(FloatVector.broadcast(FLOATS, k[k1 + p + 1]), c1);
      c2 = w1.fma(FloatVector.broadcast(FLOATS, k[k2 + p + 1]), c2);
      c3 = w1.fma(FloatVector.broadcast(FLOATS, k[k3 + p + 1]), c3);
      c4 = w1.fma(FloatVector.broadcast(FLOATS, k[k4 + p + 1]), c4);
      c5 = w1.fma(FloatVector.broadcast(FLOATS, k[k5 + p + 1]), c5);
      c6 = w1.fma(FloatVector.broadcast(FLOATS, k[k6 + p + 1]), c6);
      c7 = w1.fma(FloatVector.broadcast(FLOATS, k[k7 + p + 1]), c7);
    }
    if (p < width) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, q, p * 32);
      c0 = w0.fma(FloatVector.broadcast(FLOATS, k[k0 + p]), c0);
      c1 = w0.fma(FloatVector.broadcast(FLOATS, k[k1 + p]), c1);
      c2 = w0.fma(FloatVector.broadcast(FLOATS, k[k2 + p]), c2);
      c3 = w0.fma(FloatVector.broadcast(FLOATS, k[k3 + p]), c3);
      c4 = w0.fma(FloatVector.broadcast(FLOATS, k[k4 + p]), c4);
      c5 = w0.fma(FloatVector.broadcast(FLOATS, k[k5 + p]), c5);
      c6 = w0.fma(FloatVector.broadcast(FLOATS, k[k6 + p]), c6);
      c7 = w0.fma(FloatVector.broadcast(FLOATS, k[k7 + p]), c7);
    }
    c0.intoArray(scores, cOffset);
    c1.intoArray(scores, cOffset + Math.min(1, rows - 1) * 32);
    c2.intoArray(scores, cOffset + Math.min(2, rows - 1) * 32);
    c3.intoArray(scores, cOffset + Math.min(3, rows - 1) * 32);
    c4.intoArray(scores, cOffset + Math.min(4, rows - 1) * 32);
    c5.intoArray(scores, cOffset + Math.min(5, rows - 1) * 32);
    c6.intoArray(scores, cOffset + Math.min(6, rows - 1) * 32);
    c7.intoArray(scores, cOffset + Math.min(7, rows - 1) * 32);
  }

  /** Up to 8 queries x 32 columns, 16 accumulators. Rows of S are read whole. */
  private static void context8(
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
    FloatVector c40 = FloatVector.zero(FLOATS);
    FloatVector c41 = FloatVector.zero(FLOATS);
    FloatVector c50 = FloatVector.zero(FLOATS);
    FloatVector c51 = FloatVector.zero(FLOATS);
    FloatVector c60 = FloatVector.zero(FLOATS);
    FloatVector c61 = FloatVector.zero(FLOATS);
    FloatVector c70 = FloatVector.zero(FLOATS);
    FloatVector c71 = FloatVector.zero(FLOATS);
    for (int p = 0; p < keys; p++) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, v, vOffset + p * 32);
      FloatVector w1 = FloatVector.fromArray(FLOATS, v, vOffset + p * 32 + 16);
      FloatVector x0 = FloatVector.broadcast(FLOATS, scores[from + p * 32]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, scores[from + p * 32 + 1]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, scores[from + p * 32 + 2]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, scores[from + p * 32 + 3]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
      FloatVector x4 = FloatVector.broadcast(FLOATS, scores[from + p * 32 + 4]);
      c40 = x4.fma(w0, c40);
      c41 = x4.fma(w1, c41);
      FloatVector x5 = FloatVector.broadcast(FLOATS, scores[from + p * 32 + 5]);
      c50 = x5.fma(w0, c50);
      c51 = x5.fma(w1, c51);
      FloatVector x6 = FloatVector.broadcast(FLOATS, scores[from + p * 32 + 6]);
      c60 = x6.fma(w0, c60);
      c61 = x6.fma(w1, c61);
      FloatVector x7 = FloatVector.broadcast(FLOATS, scores[from + p * 32 + 7]);
      c70 = x7.fma(w0, c70);
      c71 = x7.fma(w1, c71);
    }
    float s0 = inverse[from];
    c00.mul(s0).intoArray(out, outOffset);
    c01.mul(s0).intoArray(out, outOffset + 16);
    if (rows > 1) {
      float s1 = inverse[from + 1];
      int o1 = outOffset + outStride;
      c10.mul(s1).intoArray(out, o1);
      c11.mul(s1).intoArray(out, o1 + 16);
    }
    if (rows > 2) {
      float s2 = inverse[from + 2];
      int o2 = outOffset + 2 * outStride;
      c20.mul(s2).intoArray(out, o2);
      c21.mul(s2).intoArray(out, o2 + 16);
    }
    if (rows > 3) {
      float s3 = inverse[from + 3];
      int o3 = outOffset + 3 * outStride;
      c30.mul(s3).intoArray(out, o3);
      c31.mul(s3).intoArray(out, o3 + 16);
    }
    if (rows > 4) {
      float s4 = inverse[from + 4];
      int o4 = outOffset + 4 * outStride;
      c40.mul(s4).intoArray(out, o4);
      c41.mul(s4).intoArray(out, o4 + 16);
    }
    if (rows > 5) {
      float s5 = inverse[from + 5];
      int o5 = outOffset + 5 * outStride;
      c50.mul(s5).intoArray(out, o5);
      c51.mul(s5).intoArray(out, o5 + 16);
    }
    if (rows > 6) {
      float s6 = inverse[from + 6];
      int o6 = outOffset + 6 * outStride;
      c60.mul(s6).intoArray(out, o6);
      c61.mul(s6).intoArray(out, o6 + 16);
    }
    if (rows > 7) {
      float s7 = inverse[from + 7];
      int o7 = outOffset + 7 * outStride;
      c70.mul(s7).intoArray(out, o7);
      c71.mul(s7).intoArray(out, o7 + 16);
    }
  }
}
