package io.github.bunvec.engine.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The FP32 register tiles of 128-bit vectors: up to 6 rows x 16 columns.
 *
 * <p>Each is one loop over k of named locals; {@link GemmKernel} has the contract.
 */
final class Fp32Tiles128 {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_128;

  private Fp32Tiles128() {}

  /** 6 x 16, 24 accumulators. */
  static void rows6(
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
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 4);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 12);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 4);
    FloatVector c12 = FloatVector.fromArray(FLOATS, init, i1 + 8);
    FloatVector c13 = FloatVector.fromArray(FLOATS, init, i1 + 12);
    int i2 = i1 + initStride;
    FloatVector c20 = FloatVector.fromArray(FLOATS, init, i2);
    FloatVector c21 = FloatVector.fromArray(FLOATS, init, i2 + 4);
    FloatVector c22 = FloatVector.fromArray(FLOATS, init, i2 + 8);
    FloatVector c23 = FloatVector.fromArray(FLOATS, init, i2 + 12);
    int i3 = i2 + initStride;
    FloatVector c30 = FloatVector.fromArray(FLOATS, init, i3);
    FloatVector c31 = FloatVector.fromArray(FLOATS, init, i3 + 4);
    FloatVector c32 = FloatVector.fromArray(FLOATS, init, i3 + 8);
    FloatVector c33 = FloatVector.fromArray(FLOATS, init, i3 + 12);
    int i4 = i3 + initStride;
    FloatVector c40 = FloatVector.fromArray(FLOATS, init, i4);
    FloatVector c41 = FloatVector.fromArray(FLOATS, init, i4 + 4);
    FloatVector c42 = FloatVector.fromArray(FLOATS, init, i4 + 8);
    FloatVector c43 = FloatVector.fromArray(FLOATS, init, i4 + 12);
    int i5 = i4 + initStride;
    FloatVector c50 = FloatVector.fromArray(FLOATS, init, i5);
    FloatVector c51 = FloatVector.fromArray(FLOATS, init, i5 + 4);
    FloatVector c52 = FloatVector.fromArray(FLOATS, init, i5 + 8);
    FloatVector c53 = FloatVector.fromArray(FLOATS, init, i5 + 12);
    int a1 = aOffset + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    int a4 = a3 + lda;
    int a5 = a4 + lda;
    for (int p = 0; p < k; p++) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16);
      FloatVector w1 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 4);
      FloatVector w2 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 8);
      FloatVector w3 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 12);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      c02 = x0.fma(w2, c02);
      c03 = x0.fma(w3, c03);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      c12 = x1.fma(w2, c12);
      c13 = x1.fma(w3, c13);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + p]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      c22 = x2.fma(w2, c22);
      c23 = x2.fma(w3, c23);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + p]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
      c32 = x3.fma(w2, c32);
      c33 = x3.fma(w3, c33);
      FloatVector x4 = FloatVector.broadcast(FLOATS, a[a4 + p]);
      c40 = x4.fma(w0, c40);
      c41 = x4.fma(w1, c41);
      c42 = x4.fma(w2, c42);
      c43 = x4.fma(w3, c43);
      FloatVector x5 = FloatVector.broadcast(FLOATS, a[a5 + p]);
      c50 = x5.fma(w0, c50);
      c51 = x5.fma(w1, c51);
      c52 = x5.fma(w2, c52);
      c53 = x5.fma(w3, c53);
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 4);
    c02.intoArray(c, cOffset + 8);
    c03.intoArray(c, cOffset + 12);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 4);
    c12.intoArray(c, o1 + 8);
    c13.intoArray(c, o1 + 12);
    int o2 = o1 + ldc;
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + 4);
    c22.intoArray(c, o2 + 8);
    c23.intoArray(c, o2 + 12);
    int o3 = o2 + ldc;
    c30.intoArray(c, o3);
    c31.intoArray(c, o3 + 4);
    c32.intoArray(c, o3 + 8);
    c33.intoArray(c, o3 + 12);
    int o4 = o3 + ldc;
    c40.intoArray(c, o4);
    c41.intoArray(c, o4 + 4);
    c42.intoArray(c, o4 + 8);
    c43.intoArray(c, o4 + 12);
    int o5 = o4 + ldc;
    c50.intoArray(c, o5);
    c51.intoArray(c, o5 + 4);
    c52.intoArray(c, o5 + 8);
    c53.intoArray(c, o5 + 12);
  }

  /** 5 x 16, 20 accumulators. */
  static void rows5(
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
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 4);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 12);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 4);
    FloatVector c12 = FloatVector.fromArray(FLOATS, init, i1 + 8);
    FloatVector c13 = FloatVector.fromArray(FLOATS, init, i1 + 12);
    int i2 = i1 + initStride;
    FloatVector c20 = FloatVector.fromArray(FLOATS, init, i2);
    FloatVector c21 = FloatVector.fromArray(FLOATS, init, i2 + 4);
    FloatVector c22 = FloatVector.fromArray(FLOATS, init, i2 + 8);
    FloatVector c23 = FloatVector.fromArray(FLOATS, init, i2 + 12);
    int i3 = i2 + initStride;
    FloatVector c30 = FloatVector.fromArray(FLOATS, init, i3);
    FloatVector c31 = FloatVector.fromArray(FLOATS, init, i3 + 4);
    FloatVector c32 = FloatVector.fromArray(FLOATS, init, i3 + 8);
    FloatVector c33 = FloatVector.fromArray(FLOATS, init, i3 + 12);
    int i4 = i3 + initStride;
    FloatVector c40 = FloatVector.fromArray(FLOATS, init, i4);
    FloatVector c41 = FloatVector.fromArray(FLOATS, init, i4 + 4);
    FloatVector c42 = FloatVector.fromArray(FLOATS, init, i4 + 8);
    FloatVector c43 = FloatVector.fromArray(FLOATS, init, i4 + 12);
    int a1 = aOffset + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    int a4 = a3 + lda;
    for (int p = 0; p < k; p++) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16);
      FloatVector w1 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 4);
      FloatVector w2 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 8);
      FloatVector w3 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 12);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      c02 = x0.fma(w2, c02);
      c03 = x0.fma(w3, c03);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      c12 = x1.fma(w2, c12);
      c13 = x1.fma(w3, c13);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + p]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      c22 = x2.fma(w2, c22);
      c23 = x2.fma(w3, c23);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + p]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
      c32 = x3.fma(w2, c32);
      c33 = x3.fma(w3, c33);
      FloatVector x4 = FloatVector.broadcast(FLOATS, a[a4 + p]);
      c40 = x4.fma(w0, c40);
      c41 = x4.fma(w1, c41);
      c42 = x4.fma(w2, c42);
      c43 = x4.fma(w3, c43);
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 4);
    c02.intoArray(c, cOffset + 8);
    c03.intoArray(c, cOffset + 12);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 4);
    c12.intoArray(c, o1 + 8);
    c13.intoArray(c, o1 + 12);
    int o2 = o1 + ldc;
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + 4);
    c22.intoArray(c, o2 + 8);
    c23.intoArray(c, o2 + 12);
    int o3 = o2 + ldc;
    c30.intoArray(c, o3);
    c31.intoArray(c, o3 + 4);
    c32.intoArray(c, o3 + 8);
    c33.intoArray(c, o3 + 12);
    int o4 = o3 + ldc;
    c40.intoArray(c, o4);
    c41.intoArray(c, o4 + 4);
    c42.intoArray(c, o4 + 8);
    c43.intoArray(c, o4 + 12);
  }

  /** 4 x 16, 16 accumulators. */
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
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 4);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 12);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 4);
    FloatVector c12 = FloatVector.fromArray(FLOATS, init, i1 + 8);
    FloatVector c13 = FloatVector.fromArray(FLOATS, init, i1 + 12);
    int i2 = i1 + initStride;
    FloatVector c20 = FloatVector.fromArray(FLOATS, init, i2);
    FloatVector c21 = FloatVector.fromArray(FLOATS, init, i2 + 4);
    FloatVector c22 = FloatVector.fromArray(FLOATS, init, i2 + 8);
    FloatVector c23 = FloatVector.fromArray(FLOATS, init, i2 + 12);
    int i3 = i2 + initStride;
    FloatVector c30 = FloatVector.fromArray(FLOATS, init, i3);
    FloatVector c31 = FloatVector.fromArray(FLOATS, init, i3 + 4);
    FloatVector c32 = FloatVector.fromArray(FLOATS, init, i3 + 8);
    FloatVector c33 = FloatVector.fromArray(FLOATS, init, i3 + 12);
    int a1 = aOffset + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    for (int p = 0; p < k; p++) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16);
      FloatVector w1 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 4);
      FloatVector w2 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 8);
      FloatVector w3 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 12);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      c02 = x0.fma(w2, c02);
      c03 = x0.fma(w3, c03);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      c12 = x1.fma(w2, c12);
      c13 = x1.fma(w3, c13);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + p]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      c22 = x2.fma(w2, c22);
      c23 = x2.fma(w3, c23);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + p]);
      c30 = x3.fma(w0, c30);
      c31 = x3.fma(w1, c31);
      c32 = x3.fma(w2, c32);
      c33 = x3.fma(w3, c33);
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 4);
    c02.intoArray(c, cOffset + 8);
    c03.intoArray(c, cOffset + 12);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 4);
    c12.intoArray(c, o1 + 8);
    c13.intoArray(c, o1 + 12);
    int o2 = o1 + ldc;
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + 4);
    c22.intoArray(c, o2 + 8);
    c23.intoArray(c, o2 + 12);
    int o3 = o2 + ldc;
    c30.intoArray(c, o3);
    c31.intoArray(c, o3 + 4);
    c32.intoArray(c, o3 + 8);
    c33.intoArray(c, o3 + 12);
  }

  /** 3 x 16, 12 accumulators. */
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
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 4);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 12);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 4);
    FloatVector c12 = FloatVector.fromArray(FLOATS, init, i1 + 8);
    FloatVector c13 = FloatVector.fromArray(FLOATS, init, i1 + 12);
    int i2 = i1 + initStride;
    FloatVector c20 = FloatVector.fromArray(FLOATS, init, i2);
    FloatVector c21 = FloatVector.fromArray(FLOATS, init, i2 + 4);
    FloatVector c22 = FloatVector.fromArray(FLOATS, init, i2 + 8);
    FloatVector c23 = FloatVector.fromArray(FLOATS, init, i2 + 12);
    int a1 = aOffset + lda;
    int a2 = a1 + lda;
    for (int p = 0; p < k; p++) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16);
      FloatVector w1 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 4);
      FloatVector w2 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 8);
      FloatVector w3 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 12);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      c02 = x0.fma(w2, c02);
      c03 = x0.fma(w3, c03);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      c12 = x1.fma(w2, c12);
      c13 = x1.fma(w3, c13);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + p]);
      c20 = x2.fma(w0, c20);
      c21 = x2.fma(w1, c21);
      c22 = x2.fma(w2, c22);
      c23 = x2.fma(w3, c23);
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 4);
    c02.intoArray(c, cOffset + 8);
    c03.intoArray(c, cOffset + 12);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 4);
    c12.intoArray(c, o1 + 8);
    c13.intoArray(c, o1 + 12);
    int o2 = o1 + ldc;
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + 4);
    c22.intoArray(c, o2 + 8);
    c23.intoArray(c, o2 + 12);
  }

  /** 2 x 16, 8 accumulators. */
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
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 4);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 12);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 4);
    FloatVector c12 = FloatVector.fromArray(FLOATS, init, i1 + 8);
    FloatVector c13 = FloatVector.fromArray(FLOATS, init, i1 + 12);
    int a1 = aOffset + lda;
    for (int p = 0; p < k; p++) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16);
      FloatVector w1 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 4);
      FloatVector w2 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 8);
      FloatVector w3 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 12);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      c02 = x0.fma(w2, c02);
      c03 = x0.fma(w3, c03);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
      c10 = x1.fma(w0, c10);
      c11 = x1.fma(w1, c11);
      c12 = x1.fma(w2, c12);
      c13 = x1.fma(w3, c13);
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 4);
    c02.intoArray(c, cOffset + 8);
    c03.intoArray(c, cOffset + 12);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 4);
    c12.intoArray(c, o1 + 8);
    c13.intoArray(c, o1 + 12);
  }

  /** 1 x 16, 4 accumulators. */
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
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 4);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 8);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 12);
    for (int p = 0; p < k; p++) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16);
      FloatVector w1 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 4);
      FloatVector w2 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 8);
      FloatVector w3 = FloatVector.fromArray(FLOATS, b, bOffset + p * 16 + 12);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      c02 = x0.fma(w2, c02);
      c03 = x0.fma(w3, c03);
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 4);
    c02.intoArray(c, cOffset + 8);
    c03.intoArray(c, cOffset + 12);
  }
}
