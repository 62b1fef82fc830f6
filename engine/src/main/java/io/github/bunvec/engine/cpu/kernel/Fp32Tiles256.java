package io.github.bunvec.engine.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The FP32 register tiles of 256-bit vectors: up to 4 rows x 16 columns.
 *
 * <p>Each is one loop over k of named locals; {@link GemmKernel} has the contract.
 */
final class Fp32Tiles256 {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;

  private Fp32Tiles256() {}

  /** 4 x 16, 8 accumulators. */
  static void rows4(
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, init, initOffset);
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 8);
    int i2 = i1 + initStride;
    FloatVector c20 = FloatVector.fromArray(FLOATS, init, i2);
    FloatVector c21 = FloatVector.fromArray(FLOATS, init, i2 + 8);
    int i3 = i2 + initStride;
    FloatVector c30 = FloatVector.fromArray(FLOATS, init, i3);
    FloatVector c31 = FloatVector.fromArray(FLOATS, init, i3 + 8);
    int a1 = aOffset + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    for (int p = 0; p < k; p++) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16);
      FloatVector w1 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 8);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + p]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + p]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 8);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 8);
    int o2 = o1 + ldc;
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + 8);
    int o3 = o2 + ldc;
    c30.intoArray(c, o3);
    c31.intoArray(c, o3 + 8);
  }

  /** 3 x 16, 6 accumulators. */
  static void rows3(
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, init, initOffset);
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 8);
    int i2 = i1 + initStride;
    FloatVector c20 = FloatVector.fromArray(FLOATS, init, i2);
    FloatVector c21 = FloatVector.fromArray(FLOATS, init, i2 + 8);
    int a1 = aOffset + lda;
    int a2 = a1 + lda;
    for (int p = 0; p < k; p++) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16);
      FloatVector w1 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 8);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + p]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 8);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 8);
    int o2 = o1 + ldc;
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + 8);
  }

  /** 2 x 16, 4 accumulators. */
  static void rows2(
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, init, initOffset);
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 8);
    int a1 = aOffset + lda;
    for (int p = 0; p < k; p++) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16);
      FloatVector w1 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 8);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 8);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 8);
  }

  /** 1 x 16, 2 accumulators. */
  static void rows1(
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      float[] init,
      int initOffset,
      float[] c,
      int cOffset) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, init, initOffset);
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    for (int p = 0; p < k; p++) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16);
      FloatVector w1 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 8);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 8);
  }
}
