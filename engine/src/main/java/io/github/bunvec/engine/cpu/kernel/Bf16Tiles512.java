package io.github.bunvec.engine.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The BF16 register tiles of 512-bit vectors: up to 5 rows x 64 columns.
 *
 * <p>A shift and a mask make two vectors of weights of one; {@link GemmKernel#panelBf16} has the
 * layout.
 */
final class Bf16Tiles512 {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;

  /** Kept in a field: as a literal C2 loads it from memory again at every use. */
  private static final IntVector UPPER_HALF = IntVector.broadcast(INTS, 0xFFFF0000);

  private Bf16Tiles512() {}

  /** 5 x 64, 20 accumulators. */
  static void rows5(
      int k,
      float[] a,
      int aOffset,
      int lda,
      int[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, init, initOffset);
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 16);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 32);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 48);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 16);
    FloatVector c12 = FloatVector.fromArray(FLOATS, init, i1 + 32);
    FloatVector c13 = FloatVector.fromArray(FLOATS, init, i1 + 48);
    int i2 = i1 + initStride;
    FloatVector c20 = FloatVector.fromArray(FLOATS, init, i2);
    FloatVector c21 = FloatVector.fromArray(FLOATS, init, i2 + 16);
    FloatVector c22 = FloatVector.fromArray(FLOATS, init, i2 + 32);
    FloatVector c23 = FloatVector.fromArray(FLOATS, init, i2 + 48);
    int i3 = i2 + initStride;
    FloatVector c30 = FloatVector.fromArray(FLOATS, init, i3);
    FloatVector c31 = FloatVector.fromArray(FLOATS, init, i3 + 16);
    FloatVector c32 = FloatVector.fromArray(FLOATS, init, i3 + 32);
    FloatVector c33 = FloatVector.fromArray(FLOATS, init, i3 + 48);
    int i4 = i3 + initStride;
    FloatVector c40 = FloatVector.fromArray(FLOATS, init, i4);
    FloatVector c41 = FloatVector.fromArray(FLOATS, init, i4 + 16);
    FloatVector c42 = FloatVector.fromArray(FLOATS, init, i4 + 32);
    FloatVector c43 = FloatVector.fromArray(FLOATS, init, i4 + 48);
    int a1 = aOffset + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    int a4 = a3 + lda;
    for (int p = 0; p < k; p++) {
      IntVector v0 = IntVector.fromArray(INTS, b, bOffset + p * 32);
      FloatVector w0 = v0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector w1 = v0.and(UPPER_HALF).reinterpretAsFloats();
      IntVector v1 = IntVector.fromArray(INTS, b, bOffset + p * 32 + 16);
      FloatVector w2 = v1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector w3 = v1.and(UPPER_HALF).reinterpretAsFloats();
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
    c01.intoArray(c, cOffset + 16);
    c02.intoArray(c, cOffset + 32);
    c03.intoArray(c, cOffset + 48);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 16);
    c12.intoArray(c, o1 + 32);
    c13.intoArray(c, o1 + 48);
    int o2 = o1 + ldc;
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + 16);
    c22.intoArray(c, o2 + 32);
    c23.intoArray(c, o2 + 48);
    int o3 = o2 + ldc;
    c30.intoArray(c, o3);
    c31.intoArray(c, o3 + 16);
    c32.intoArray(c, o3 + 32);
    c33.intoArray(c, o3 + 48);
    int o4 = o3 + ldc;
    c40.intoArray(c, o4);
    c41.intoArray(c, o4 + 16);
    c42.intoArray(c, o4 + 32);
    c43.intoArray(c, o4 + 48);
  }

  /** 4 x 64, 16 accumulators. */
  static void rows4(
      int k,
      float[] a,
      int aOffset,
      int lda,
      int[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, init, initOffset);
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 16);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 32);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 48);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 16);
    FloatVector c12 = FloatVector.fromArray(FLOATS, init, i1 + 32);
    FloatVector c13 = FloatVector.fromArray(FLOATS, init, i1 + 48);
    int i2 = i1 + initStride;
    FloatVector c20 = FloatVector.fromArray(FLOATS, init, i2);
    FloatVector c21 = FloatVector.fromArray(FLOATS, init, i2 + 16);
    FloatVector c22 = FloatVector.fromArray(FLOATS, init, i2 + 32);
    FloatVector c23 = FloatVector.fromArray(FLOATS, init, i2 + 48);
    int i3 = i2 + initStride;
    FloatVector c30 = FloatVector.fromArray(FLOATS, init, i3);
    FloatVector c31 = FloatVector.fromArray(FLOATS, init, i3 + 16);
    FloatVector c32 = FloatVector.fromArray(FLOATS, init, i3 + 32);
    FloatVector c33 = FloatVector.fromArray(FLOATS, init, i3 + 48);
    int a1 = aOffset + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    for (int p = 0; p < k; p++) {
      IntVector v0 = IntVector.fromArray(INTS, b, bOffset + p * 32);
      FloatVector w0 = v0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector w1 = v0.and(UPPER_HALF).reinterpretAsFloats();
      IntVector v1 = IntVector.fromArray(INTS, b, bOffset + p * 32 + 16);
      FloatVector w2 = v1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector w3 = v1.and(UPPER_HALF).reinterpretAsFloats();
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
    c01.intoArray(c, cOffset + 16);
    c02.intoArray(c, cOffset + 32);
    c03.intoArray(c, cOffset + 48);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 16);
    c12.intoArray(c, o1 + 32);
    c13.intoArray(c, o1 + 48);
    int o2 = o1 + ldc;
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + 16);
    c22.intoArray(c, o2 + 32);
    c23.intoArray(c, o2 + 48);
    int o3 = o2 + ldc;
    c30.intoArray(c, o3);
    c31.intoArray(c, o3 + 16);
    c32.intoArray(c, o3 + 32);
    c33.intoArray(c, o3 + 48);
  }

  /** 3 x 64, 12 accumulators. */
  static void rows3(
      int k,
      float[] a,
      int aOffset,
      int lda,
      int[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, init, initOffset);
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 16);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 32);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 48);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 16);
    FloatVector c12 = FloatVector.fromArray(FLOATS, init, i1 + 32);
    FloatVector c13 = FloatVector.fromArray(FLOATS, init, i1 + 48);
    int i2 = i1 + initStride;
    FloatVector c20 = FloatVector.fromArray(FLOATS, init, i2);
    FloatVector c21 = FloatVector.fromArray(FLOATS, init, i2 + 16);
    FloatVector c22 = FloatVector.fromArray(FLOATS, init, i2 + 32);
    FloatVector c23 = FloatVector.fromArray(FLOATS, init, i2 + 48);
    int a1 = aOffset + lda;
    int a2 = a1 + lda;
    for (int p = 0; p < k; p++) {
      IntVector v0 = IntVector.fromArray(INTS, b, bOffset + p * 32);
      FloatVector w0 = v0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector w1 = v0.and(UPPER_HALF).reinterpretAsFloats();
      IntVector v1 = IntVector.fromArray(INTS, b, bOffset + p * 32 + 16);
      FloatVector w2 = v1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector w3 = v1.and(UPPER_HALF).reinterpretAsFloats();
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
    c01.intoArray(c, cOffset + 16);
    c02.intoArray(c, cOffset + 32);
    c03.intoArray(c, cOffset + 48);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 16);
    c12.intoArray(c, o1 + 32);
    c13.intoArray(c, o1 + 48);
    int o2 = o1 + ldc;
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + 16);
    c22.intoArray(c, o2 + 32);
    c23.intoArray(c, o2 + 48);
  }

  /** 2 x 64, 8 accumulators. */
  static void rows2(
      int k,
      float[] a,
      int aOffset,
      int lda,
      int[] b,
      int bOffset,
      float[] init,
      int initOffset,
      int initStride,
      float[] c,
      int cOffset,
      int ldc) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, init, initOffset);
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 16);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 32);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 48);
    int i1 = initOffset + initStride;
    FloatVector c10 = FloatVector.fromArray(FLOATS, init, i1);
    FloatVector c11 = FloatVector.fromArray(FLOATS, init, i1 + 16);
    FloatVector c12 = FloatVector.fromArray(FLOATS, init, i1 + 32);
    FloatVector c13 = FloatVector.fromArray(FLOATS, init, i1 + 48);
    int a1 = aOffset + lda;
    for (int p = 0; p < k; p++) {
      IntVector v0 = IntVector.fromArray(INTS, b, bOffset + p * 32);
      FloatVector w0 = v0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector w1 = v0.and(UPPER_HALF).reinterpretAsFloats();
      IntVector v1 = IntVector.fromArray(INTS, b, bOffset + p * 32 + 16);
      FloatVector w2 = v1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector w3 = v1.and(UPPER_HALF).reinterpretAsFloats();
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
    c01.intoArray(c, cOffset + 16);
    c02.intoArray(c, cOffset + 32);
    c03.intoArray(c, cOffset + 48);
    int o1 = cOffset + ldc;
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + 16);
    c12.intoArray(c, o1 + 32);
    c13.intoArray(c, o1 + 48);
  }

  /** 1 x 64, 4 accumulators. */
  static void rows1(
      int k,
      float[] a,
      int aOffset,
      int[] b,
      int bOffset,
      float[] init,
      int initOffset,
      float[] c,
      int cOffset) {
    FloatVector c00 = FloatVector.fromArray(FLOATS, init, initOffset);
    FloatVector c01 = FloatVector.fromArray(FLOATS, init, initOffset + 16);
    FloatVector c02 = FloatVector.fromArray(FLOATS, init, initOffset + 32);
    FloatVector c03 = FloatVector.fromArray(FLOATS, init, initOffset + 48);
    for (int p = 0; p < k; p++) {
      IntVector v0 = IntVector.fromArray(INTS, b, bOffset + p * 32);
      FloatVector w0 = v0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector w1 = v0.and(UPPER_HALF).reinterpretAsFloats();
      IntVector v1 = IntVector.fromArray(INTS, b, bOffset + p * 32 + 16);
      FloatVector w2 = v1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector w3 = v1.and(UPPER_HALF).reinterpretAsFloats();
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[aOffset + p]);
      c00 = x0.fma(w0, c00);
      c01 = x0.fma(w1, c01);
      c02 = x0.fma(w2, c02);
      c03 = x0.fma(w3, c03);
    }
    c00.intoArray(c, cOffset);
    c01.intoArray(c, cOffset + 16);
    c02.intoArray(c, cOffset + 32);
    c03.intoArray(c, cOffset + 48);
  }
}
